-- The comment that a file of Lua begins with: its lines, and what the file says it is.

local head_comment = {}

--- Its lines, without dashes and the space behind them.
function head_comment.lines(text)
  local lines = {}
  for line in (text .. '\n'):gmatch '([^\n]*)\n' do
    local words = line:match '^%-%-+%s?(.*)$'
    if not words then break end
    lines[#lines + 1] = words
  end
  return lines
end

--- Its first sentence, without whom the file goes back to.
function head_comment.first_sentence(text)
  local said = {}
  for _, line in ipairs(head_comment.lines(text)) do
    if not line:find '%S' then break end
    said[#said + 1] = line
    if line:find ':$' then break end                        -- an example follows
  end
  local whole = table.concat(said, ' '):gsub('[.:]$', '')
  local first = whole:match '^(.-)%.%s' or whole
  return (first:gsub(', after .*$', ''):gsub('%s+', ' '))
end

return head_comment
