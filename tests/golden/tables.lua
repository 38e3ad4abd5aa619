-- Made by golden/tables/make.py with pandas 3.1.1.
return {
  csv = "name,genre,tempo,loudness,key\none,Rock,120.5,-6.25,C\ntwo,Folk,NA,-3.5,D\nthree,Rock,98,,C\nfour,\"Hip-Hop, old\",131.25,-9,A\nfive,Folk,101.75,-4.125,\nsix,Rock,88.5,-7,D\n",
  described = {
    tempo = { count = 5, missing = 1, mean = 108.0, std = 17.436491906344006, min = 88.5, q25 = 98.0, q50 = 101.75, q75 = 120.5, max = 131.25 },
    loudness = { count = 5, missing = 1, mean = -5.975, std = 2.2262636860893186, min = -9.0, q25 = -7.0, q50 = -6.25, q75 = -4.125, max = -3.5 },
  },
  onehot = { "key_A", "key_C", "key_D" },
  onehot_rows = { { 0, 1, 0 }, { 0, 0, 1 }, { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 0 }, { 0, 0, 1 } },
}
