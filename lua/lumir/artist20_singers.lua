-- The singers of artist20 by sex, for the analysis of what a system gets wrong.
--
-- 'mixed' is an act of whose songs women sing some and men others. The corpus (Ellis, Classifying Music Audio with
-- Timbral and Chroma Features, 2007) has no such column: these are the lead singers of the twenty acts as their
-- Wikipedia articles name them, written down from memory and not looked up song by song. Names are its folders'.

return {
  aerosmith = 'male',                         -- Steven Tyler
  beatles = 'male',                           -- John Lennon, Paul McCartney, George Harrison, Ringo Starr
  creedence_clearwater_revival = 'male',      -- John Fogerty
  cure = 'male',                              -- Robert Smith
  dave_matthews_band = 'male',                -- Dave Matthews
  depeche_mode = 'male',                      -- Dave Gahan, Martin Gore
  fleetwood_mac = 'mixed',                    -- Stevie Nicks, Christine McVie, Lindsey Buckingham
  garth_brooks = 'male',
  green_day = 'male',                         -- Billie Joe Armstrong
  led_zeppelin = 'male',                      -- Robert Plant
  madonna = 'female',
  metallica = 'male',                         -- James Hetfield
  prince = 'male',
  queen = 'male',                             -- Freddie Mercury
  radiohead = 'male',                         -- Thom Yorke
  roxette = 'mixed',                          -- Marie Fredriksson, Per Gessle
  steely_dan = 'male',                        -- Donald Fagen
  suzanne_vega = 'female',
  tori_amos = 'female',
  u2 = 'male',                                -- Bono
}
