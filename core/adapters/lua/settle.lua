-- Records what became of attempts. Outcomes are appended and do not change the alert's version.
-- ARGV: now ('' = the server's own), then one JSON object an attempt:
--   id, field, channel, token (whose lease it was), state, d (the entry), w (when to look again, or ''),
--   e (events), n (fail-overs: {field, channel, entry, due}), m (message for the built-in outbox, or ''),
--   p (the message's name in the pace when it did not go, or ''), i (the provider's id of the message, or ''),
--   o (the entry that was decided about without a lease, as it is written, or '')
-- A result whose lease somebody else has taken meanwhile is dropped, unless it says that the message was sent; and that
-- says nothing new once the provider has told what became of this very message.
-- What was decided without a lease is dropped when the entry has changed meanwhile: it is to be decided again.
-- When every page of the firing that asks for an answer has failed for good, the alert is marked and woken: the level
-- is to be left at once. Pages of an older firing, or of a reminder, lead to nothing.
-- The facts of an alert that is over are read again.
-- Gives, for each attempt, 1 when it was recorded and 0 when it was dropped.
local KEPT_MESSAGES = 1000

local function all_failed(id, event)
  local entries = redis.call('HGETALL', 'rung:ledger:' .. id)
  for i = 1, #entries, 2 do
    if string.match(entries[i], '^(%d+)/') == event then
      local entry = read_entry(entries[i + 1])
      if entry.kind == 'page' and entry.state ~= 'failed' then
        return false
      end
    end
  end
  return true
end

-- In the record's JSON only a field of its own can look like this: labels are strings.
local function asks_now(id, event)
  local record = redis.call('HGET', 'rung:alert:' .. id, 'd') or ''
  return string.match(record, '"cause":(%d+)') == event
end

-- A late failure of an older firing must not hide that of the newer one, which is the one that counts.
local function mark_failed(id, event, now)
  local alert = 'rung:alert:' .. id
  if tonumber(event) > tonumber(redis.call('HGET', alert, 'f') or '0') then
    redis.call('HSET', alert, 'f', event)
  end
  redis.call('ZADD', 'rung:wake', now, id)
end

local function may_settle(attempt, stored, entry)
  if attempt.o ~= '' then
    return stored == attempt.o
  end
  local ours = entry.state == 'sending' and entry.token == attempt.token
  local told = entry.receipt and entry.provider_id == attempt.i
  return ours or (attempt.state == 'sent' and entry.state ~= 'sent' and not told)
end

local function settle(attempt, now)
  local ledger, member = 'rung:ledger:' .. attempt.id, attempt.id .. '/' .. attempt.field
  local stored = redis.call('HGET', ledger, attempt.field)
  local entry = stored and read_entry(stored)
  if not entry or not may_settle(attempt, stored, entry) then
    return 0
  end
  redis.call('HSET', ledger, attempt.field, attempt.d)
  if attempt.w == '' then
    redis.call('ZREM', 'rung:outbox:' .. attempt.channel, member)
  else
    redis.call('ZADD', 'rung:outbox:' .. attempt.channel, attempt.w, member)
  end
  for _, n in ipairs(attempt.n) do
    if redis.call('HSETNX', ledger, n[1], n[3]) == 1 then
      redis.call('ZADD', 'rung:outbox:' .. n[2], n[4], attempt.id .. '/' .. n[1])
      redis.call('SADD', 'rung:outboxes', n[2])
    end
  end
  if attempt.p ~= '' then
    take_back(attempt.channel, string.match(attempt.field, '^%d+/(.+)/[^/]+$') or '', attempt.p)
  end
  if #attempt.e > 0 then
    redis.call('RPUSH', 'rung:timeline:' .. attempt.id, unpack(attempt.e))
  end
  if attempt.m ~= '' then
    redis.call('LPUSH', 'rung:messages', attempt.m)
    redis.call('LTRIM', 'rung:messages', 0, KEPT_MESSAGES - 1)
  end
  if redis.call('HGET', 'rung:alert:' .. attempt.id, 's') == 'resolved' then
    mark_for_digest(attempt.id)
  end
  local event = string.match(attempt.field, '^(%d+)/')
  if attempt.state == 'failed' and entry.kind == 'page' and asks_now(attempt.id, event)
      and all_failed(attempt.id, event) then
    mark_failed(attempt.id, event, now)
  end
  return 1
end

local now = clock(ARGV[1])
local results = {}
for i = 2, #ARGV do
  results[#results + 1] = settle(cjson.decode(ARGV[i]), now)
end
return results
