-- Notes that what was taken has been done. ARGV: for each name, 'silent' or 'back', and since when it was silent then.
-- Gives 1 for each that stands, 0 for each whose beat came in between: its alert is to be resolved.
local results = {}
for i = 1, #ARGV, 3 do
  local name, what, key = ARGV[i], ARGV[i + 1], key_of(ARGV[i])
  local since, patience, back = unpack(redis.call('HMGET', key, 'since', 'patience', 'back'))
  local stands = what == 'back' or (since == ARGV[i + 2] and not back)
  if stands and what == 'silent' then
    redis.call('ZADD', WATCHED, 'inf', name)
  elseif stands and back then
    redis.call('HDEL', key, 'missing', 'back')
    redis.call('ZADD', WATCHED, seconds(since + patience), name)
  end
  results[#results + 1] = stands and 1 or 0
end
return results
