-- Claims notifications that are due: looks at the alert again, withdraws a page that has been answered, and takes a
-- lease on the rest. A lease that ran out means that nobody knows what became of the attempt: it is claimed again.
-- ARGV: now ('' = the server's own), the lease in seconds, the token of this claim, the most to claim,
--   the most that may be under way for one channel, then pairs of channel and how many of it are under way.
-- Gives {now, rows}; a row is {member, entry, record of the alert, the alert's whole ledger as field, entry, ...}.
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
  local entry = cjson.decode(raw)
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

local rows = {}
local channels = redis.call('SMEMBERS', 'rung:outboxes')
table.sort(channels)
for _, channel in ipairs(channels) do
  local outbox = 'rung:outbox:' .. channel
  local most = math.min(room - #rows, per_channel - (busy[channel] or 0))
  if most > 0 then
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', outbox, '-inf', now, 'LIMIT', 0, most)) do
      rows[#rows + 1] = claim(outbox, member)
    end
  end
end
return {now, rows}
