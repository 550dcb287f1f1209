-- Claims notifications that are due: looks at the alert again, withdraws a page that has been answered, and takes a
-- lease on the rest. A lease that ran out means that nobody knows what became of the attempt: it is claimed again.
-- For somebody to whom much went of late, what is due waits until `every` after the last message, and is then claimed
-- together under the name of one bundle, which counts as one.
-- ARGV: now ('' = the server's own), the lease in seconds, the token of this claim, the most to claim,
--   the most that may be under way for one channel, after how many messages (0: never) within how many seconds the
--   rest waits and goes together, and how often, then pairs of channel and how many of it are under way.
-- What nobody can make sense of is parked and holds up nothing.
-- Gives {now, rows, cleared}: a row is {member, entry, record of the alert, the alert's whole ledger as field, entry,
-- ...}, those of a bundle one after the other; `cleared` is how many were looked at and not claimed, behind which
-- others may be due.
local MOST_TOGETHER, MOST_LOOKED_AT, AT_ONCE = 500, 5000, 1000
local A_MOMENT = 0.001  -- an instant that was written and read again may differ by less
local RANK = {critical = 1, high = 2, medium = 3, low = 4}
local UNANSWERED = {pending = true, escalated = true}

local now = clock(ARGV[1])
local instant = tonumber(now)
local lease_until = string.format('%.6f', instant + tonumber(ARGV[2]))
local token, room, per_channel = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local limits = {after = tonumber(ARGV[6]), window = tonumber(ARGV[7]), every = tonumber(ARGV[8])}
local busy = {}
for i = 9, #ARGV, 2 do
  busy[ARGV[i]] = tonumber(ARGV[i + 1])
end
local rows, messages, cleared = {}, 0, 0
local done, by_responder = {}, {}

-- Gives a notification that has something to say, nil for one that was cleared away.
local function look(outbox, member)
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
    entry.state = 'withdrawn'
    redis.call('HSET', ledger, field, cjson.encode(entry))
    redis.call('ZREM', outbox, member)
    return nil
  end
  return {member = member, ledger = ledger, field = field, entry = entry, record = alert[2]}
end

local function lease(outbox, found, bundle)
  local entry = found.entry
  if entry.state == 'sending' then
    entry.unknown = (entry.unknown or 0) + 1
  end
  entry.state, entry.token, entry.attempts, entry.bundle = 'sending', token, (entry.attempts or 0) + 1, bundle
  local claimed = cjson.encode(entry)
  redis.call('HSET', found.ledger, found.field, claimed)
  redis.call('ZADD', outbox, lease_until, found.member)
  rows[#rows + 1] = {found.member, claimed, found.record, redis.call('HGETALL', found.ledger)}
  done[found.member] = true
end

local function responder_of(member)
  return string.match(member, '^%d+/%d+/(.+)/[^/]+$')
end

-- Gives what is due for somebody and was not dealt with yet. Asked for only when somebody has to wait.
local function due_for(outbox, responder)
  if not by_responder[outbox] then
    local index = {}
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', outbox, '-inf', now, 'LIMIT', 0, MOST_LOOKED_AT)) do
      local whose = responder_of(member) or ''
      index[whose] = index[whose] or {}
      table.insert(index[whose], member)
    end
    by_responder[outbox] = index
  end
  local members = {}
  for _, member in ipairs(by_responder[outbox][responder] or {}) do
    if not done[member] then
      members[#members + 1] = member
    end
  end
  return members
end

local function put_off(outbox, members, until_when)
  local score = string.format('%.6f', until_when)
  for first = 1, #members, AT_ONCE do
    local scored = {}
    for i = first, math.min(first + AT_ONCE - 1, #members) do
      scored[#scored + 1], scored[#scored + 2] = score, members[i]
      done[members[i]] = true
    end
    redis.call('ZADD', outbox, unpack(scored))
  end
  cleared = cleared + #members
end

-- When there are too many for one bundle the worst go first. A label may be called severity too; the record's own
-- stands behind it.
local function worst_first(members)
  if #members <= MOST_TOGETHER then
    return members
  end
  local order = {}
  for i, member in ipairs(members) do
    local record = redis.call('HGET', 'rung:alert:' .. string.match(member, '^%d+'), 'd') or ''
    local rank = RANK[string.match(record, '.*"severity":"(%a+)"') or ''] or #members
    order[i] = {rank, tonumber(string.match(member, '^%d+')), member}
  end
  table.sort(order, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    if a[2] ~= b[2] then return a[2] < b[2] end
    return a[3] < b[3]
  end)
  local chosen = {}
  for i = 1, MOST_TOGETHER do
    chosen[i] = order[i][3]
  end
  return chosen
end

local function claim_together(outbox, key, pace, members)
  local live = {}
  for _, member in ipairs(worst_first(members)) do
    done[member] = true
    local found = look(outbox, member)
    if found then
      live[#live + 1] = found
    else
      cleared = cleared + 1
    end
  end
  if #live == 0 then
    return
  end
  messages = messages + 1
  local bundle = #live > 1 and (token .. messages) or nil
  for _, found in ipairs(live) do
    lease(outbox, found, bundle)
  end
  if bundle or pace.count >= limits.after then
    write_pace(key, STORM, instant, limits)
  else
    redis.call('ZREM', key, STORM)
  end
  write_pace(key, bundle or (token .. '/' .. live[1].member), instant, limits)
end

local function claim(outbox, channel, found)
  local responder = responder_of(found.member)
  if limits.after == 0 or not responder then
    lease(outbox, found)
    messages = messages + 1
    return
  end
  local key = pace_key(channel, responder)
  if found.entry.state == 'sending' then
    take_back(channel, responder, found.entry.bundle or ((found.entry.token or '') .. '/' .. found.member))
  end
  local pace = read_pace(key, instant, limits)
  if not pace.storm and pace.count < limits.after then
    lease(outbox, found)
    messages = messages + 1
    write_pace(key, token .. '/' .. found.member, instant, limits)
    return
  end
  local ready_at = pace.last and pace.last + limits.every or instant
  if instant >= ready_at - A_MOMENT then
    claim_together(outbox, key, pace, due_for(outbox, responder))
  else
    write_pace(key, STORM, instant, limits)
    put_off(outbox, due_for(outbox, responder), ready_at)
  end
end

-- The oldest first, whatever its channel, so that a burst on one channel does not hold up the others.
local due = {}
for _, channel in ipairs(redis.call('SMEMBERS', 'rung:outboxes')) do
  local most = math.min(room, per_channel - (busy[channel] or 0))
  if most > 0 then
    local outbox = 'rung:outbox:' .. channel
    local found = redis.call('ZRANGEBYSCORE', outbox, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most)
    for i = 1, #found, 2 do
      due[#due + 1] = {outbox, found[i], tonumber(found[i + 1]), channel}
    end
  end
end
table.sort(due, function(a, b)
  if a[3] ~= b[3] then return a[3] < b[3] end
  return a[2] < b[2]
end)

for _, each in ipairs(due) do
  if messages >= room then break end
  if not done[each[2]] then
    local found = look(each[1], each[2])
    if found then
      claim(each[1], each[4], found)
    else
      cleared = cleared + 1
    end
  end
end
return {now, rows, cleared}
