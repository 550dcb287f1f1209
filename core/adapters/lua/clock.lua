-- Shared by the scripts that need the time: the server's own clock, unless a test gives another.
local function clock(given)
  if given ~= '' then
    return given
  end
  local time = redis.call('TIME')
  return string.format('%d.%06d', time[1], time[2])
end
