-- What a file says it is: the first sentence of the comment at its head, without whom it goes back to.

return function(text)
  local said = {}
  for line in text:gmatch '([^\n]*)\n' do
    local words = line:match '^%-%-%s*(%S.*)$'
    if not words then break end
    said[#said + 1] = words
    if words:find ':$' then break end                       -- an example follows
  end
  local whole = table.concat(said, ' '):gsub('[.:]$', '')
  return ((whole:match '^(.-)%.%s' or whole):gsub(', after .*$', ''):gsub('%s+', ' '))
end
