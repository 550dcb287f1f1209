-- Takes a report that is due, so that of all schedulers one sends it.
-- ARGV: now ('' = the server's own), its name, a token of our own, the lease in seconds, when it was due (text, then
-- seconds since 1970), for how many seconds its record is kept.
-- Gives {number of this attempt, the recipients that need no mail any more}, or nothing when it is not ours.
local now = clock(ARGV[1])
local record = 'rung:report:' .. ARGV[2]
local found = redis.call('HMGET', record, 'state', 'look_at')
if found[1] == 'done' or tonumber(found[2] or 0) > tonumber(now) then
  return false
end
redis.call('HSET', record, 'state', 'sending', 'look_at', now + ARGV[4], 'token', ARGV[3], 'due_at', ARGV[5])
redis.call('EXPIRE', record, ARGV[7])
redis.call('ZADD', 'rung:reports', ARGV[6], ARGV[2])
local settled = {}
local fields = redis.call('HGETALL', record)
for i = 1, #fields, 2 do
  local recipient = string.match(fields[i], '^to:(.*)$')
  if recipient and not cjson.decode(fields[i + 1]).again then
    settled[#settled + 1] = recipient
  end
end
return {redis.call('HINCRBY', record, 'attempt', 1), settled}
