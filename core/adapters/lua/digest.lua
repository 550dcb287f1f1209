-- Puts the row of facts of one alert under each UTC day on which something of it counts, unless the alert was marked
-- again meanwhile: then what was read is old, and it is read again.
-- ARGV: the alert, the mark that was read, the row or '' for none, how many days, the days, then days it may not be under.
-- Gives 1 when it was written, 0 when it was marked again.
local id = ARGV[1]
if redis.call('ZSCORE', 'rung:undigested', id) ~= ARGV[2] then
  return 0
end
local days = tonumber(ARGV[4])
for i = 5, #ARGV do
  local key = 'rung:facts:' .. ARGV[i]
  if i <= 4 + days then
    redis.call('HSET', key, id, ARGV[3])
    redis.call('ZADD', 'rung:facts', 0, ARGV[i])
  else
    redis.call('HDEL', key, id)
  end
end
redis.call('ZREM', 'rung:undigested', id)
return 1
