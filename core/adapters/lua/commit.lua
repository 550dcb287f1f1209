-- Writes each change whose alert still stands at the version it was decided about: the record, its events, its
-- notifications, its timer and its place in every index. The others are left alone and reported.
-- ARGV: the instant in RQ's format (for job hashes), then one JSON object a change:
--   id, v (version expected, 0 = new), c (commit id), d (record), s (status), g (dedup digest or ''),
--   p (the id the digest pointed to, or ''), e (events), n (notifications: {field, channel, entry, due}),
--   w (wake_at or ''), f (the failed cause that was dealt with, or ''), o (job to drop or ''),
--   j (job to add: {id, field, value, ...} or {}), h (its key's digest), u (when it lets go of its key, or ''),
--   x (when it may be forgotten, or '')
-- Gives 1 for each change that stands now, 0 for each that has to be decided again.
-- An own commit is recognised by its id: a client that lost our reply sends the same call again.
local KEPT_COMMITS = 4

local function remembered(commits, own)
  return commits and string.find(',' .. commits .. ',', ',' .. own .. ',', 1, true)
end

local function remember(commits, own)
  local kept, count = own, 1
  for id in string.gmatch(commits or '', '[^,]+') do
    if count >= KEPT_COMMITS then break end
    kept, count = kept .. ',' .. id, count + 1
  end
  return kept
end

local function set_timer(change)
  if change.o ~= '' then
    redis.call('DEL', 'rq:job:' .. change.o)
    redis.call('ZREM', 'rq:scheduler:scheduled_jobs', change.o)
  end
  if #change.j > 0 then
    local id = table.remove(change.j, 1)
    redis.call('HSET', 'rq:job:' .. id, unpack(change.j))
    redis.call('ZADD', 'rq:scheduler:scheduled_jobs', change.w, id)
  end
end

-- The mark that every page failed goes when it was dealt with, and not before: until then the alert stays woken.
local function set_wake(change)
  local alert = 'rung:alert:' .. change.id
  local failed = redis.call('HGET', alert, 'f')
  if failed and failed ~= change.f then
    return
  end
  redis.call('HDEL', alert, 'f')
  if change.w ~= '' then
    redis.call('ZADD', 'rung:wake', change.w, change.id)
  else
    redis.call('ZREM', 'rung:wake', change.id)
  end
end

local function queue_notifications(change)
  for _, n in ipairs(change.n) do
    redis.call('HSET', 'rung:ledger:' .. change.id, n[1], n[3])
    redis.call('ZADD', 'rung:outbox:' .. n[2], n[4], change.id .. '/' .. n[1])
    redis.call('SADD', 'rung:outboxes', n[2])
  end
  return #change.n > 0
end

local function set_end(change)
  local key = change.h .. ':' .. change.id
  if change.x == '' then
    redis.call('ZREM', 'rung:unkey', key)
    redis.call('ZREM', 'rung:expire', change.id)
  else
    redis.call('ZADD', 'rung:unkey', change.u, key)
    redis.call('ZADD', 'rung:expire', change.x, change.id)
  end
end

local function index(change)
  if change.g ~= '' then
    redis.call('HSET', 'rung:dedup', change.g, change.id)
  end
  local from, to = 'rung:closed', 'rung:open'
  if change.s == 'resolved' then
    from, to = to, from
  end
  redis.call('ZREM', from, change.id)
  redis.call('ZADD', to, change.id, change.id)
  set_end(change)
end

local function apply(change, commits)
  redis.call('HSET', 'rung:alert:' .. change.id,
    'v', change.v + 1, 'c', remember(commits, change.c), 'd', change.d, 's', change.s)
  if #change.e > 0 then
    redis.call('RPUSH', 'rung:timeline:' .. change.id, unpack(change.e))
  end
  set_timer(change)
  set_wake(change)
  index(change)
  return queue_notifications(change)
end

local results, notify = {}, false
for i = 2, #ARGV do
  local change = cjson.decode(ARGV[i])
  local stored = redis.call('HMGET', 'rung:alert:' .. change.id, 'v', 'c')
  local version = tonumber(stored[1] or '0')
  if remembered(stored[2], change.c) then
    results[#results + 1] = 1
  elseif version ~= change.v
      or (change.g ~= '' and (redis.call('HGET', 'rung:dedup', change.g) or '') ~= change.p) then
    results[#results + 1] = 0
  else
    notify = apply(change, stored[2]) or notify
    results[#results + 1] = 1
  end
end
if notify then
  hint_notify(ARGV[1])
end
return results
