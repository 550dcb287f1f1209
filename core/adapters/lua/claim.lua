-- Claims notifications that are due: looks at the alert again, withdraws a page that has been answered, and takes a
-- lease on the rest. A lease that ran out means that nobody knows what became of the attempt: it is claimed again.
-- ARGV: now ('' = the server's own), the lease in seconds, the token of this claim, the most to claim,
--   the most that may be under way for one channel, then pairs of channel and how many of it are under way.
-- What nobody can make sense of is parked and holds up nothing.
-- Gives {now, rows, cleared}: a row is {member, entry, record of the alert, the alert's whole ledger as field, entry,
-- ...}; `cleared` is how many were looked at and not claimed, behind which others may be due.
local now = clock(ARGV[1])
local lease_until = string.format('%.6f', tonumber(now) + tonumber(ARGV[2]))
local token, room, per_channel = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local busy = {}
for i = 6, #ARGV, 2 do
  busy[ARGV[i]] = tonumber(ARGV[i + 1])
end
local UNANSWERED = {pending = true, escalated = true}

local function withdraw(ledger, field, entry, outbox, member)
  entry.state = 'withdrawn'
  redis.call('HSET', ledger, field, cjson.encode(entry))
  redis.call('ZREM', outbox, member)
end

local function claim(outbox, member)
  local id, field = string.match(member, '^(%d+)/(.+)$')
  local ledger = 'rung:ledger:' .. (id or '')
  local raw = id and redis.call('HGET', ledger, field)
  local alert = raw and redis.call('HMGET', 'rung:alert:' .. id, 's', 'd')
  if not alert or not alert[2] then
    redis.call('ZREM', outbox, member)
    return nil
  end
  local entry = read_entry(raw)
  if not entry.kind then
    redis.call('ZREM', outbox, member)
    redis.call('HSET', 'rung:parked', member, raw)
    return nil
  end
  if entry.kind == 'page' and not UNANSWERED[alert[1]] then
    withdraw(ledger, field, entry, outbox, member)
    return nil
  end
  if entry.state == 'sending' then
    entry.unknown = (entry.unknown or 0) + 1
  end
  entry.state, entry.token, entry.attempts = 'sending', token, (entry.attempts or 0) + 1
  local claimed = cjson.encode(entry)
  redis.call('HSET', ledger, field, claimed)
  redis.call('ZADD', outbox, lease_until, member)
  return {member, claimed, alert[2], redis.call('HGETALL', ledger)}
end

-- The oldest first, whatever its channel, so that a burst on one channel does not hold up the others.
local due = {}
for _, channel in ipairs(redis.call('SMEMBERS', 'rung:outboxes')) do
  local most = math.min(room, per_channel - (busy[channel] or 0))
  if most > 0 then
    local outbox = 'rung:outbox:' .. channel
    local found = redis.call('ZRANGEBYSCORE', outbox, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most)
    for i = 1, #found, 2 do
      due[#due + 1] = {outbox, found[i], tonumber(found[i + 1])}
    end
  end
end
table.sort(due, function(a, b)
  if a[3] ~= b[3] then return a[3] < b[3] end
  return a[2] < b[2]
end)

local rows, cleared = {}, 0
for _, each in ipairs(due) do
  if #rows >= room then break end
  local row = claim(each[1], each[2])
  rows[#rows + 1] = row
  cleared = cleared + (row and 0 or 1)
end
return {now, rows, cleared}
