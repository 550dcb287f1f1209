-- Writes each change whose alert still stands at the version it was decided about: the record, its events, its
-- notifications, its timer and its place in every index. The others are left alone and reported.
-- Once the standing orders have changed since, all of them were decided by rules of before and are left alone.
-- ARGV: the instant in RQ's format (for job hashes), the commit's id, the version of the standing orders or '',
--   how many changes, then for each change
--   id, version expected (0 = new), status, record, the digest of its key, '1' to take that key over, the id the key
--   pointed to or '', wake_at or '', the failed cause that was dealt with or '', job to drop or '',
--   when it lets go of its key or '', when it may be forgotten or '',
--   how many events, notifications, and words of the job to add,
--   the events, the notifications (field, channel, entry, due), the job (id, field, value, ...)
-- Gives 1 for each change that stands now, 0 for each that has to be decided again.
-- An own commit is recognised by its id: a client that lost our reply sends the same call again.
-- What a new alert cannot have yet is not looked for: most commits are of new alerts.
local KEPT_COMMITS, KEPT_BEFORE = 4, 100
local instant, commit = ARGV[1], ARGV[2]
local is_stale = ARGV[3] ~= '' and (redis.call('GET', 'rung:standing') or '0') ~= ARGV[3]
local at = 4

local function words(count)
  at = at + count
  return unpack(ARGV, at - count + 1, at)
end

local function remembered(commits)
  return commits and string.find(',' .. commits .. ',', ',' .. commit .. ',', 1, true)
end

local function remember(commits)
  local kept, count = commit, 1
  for id in string.gmatch(commits or '', '[^,]+') do
    if count >= KEPT_COMMITS then break end
    kept, count = kept .. ',' .. id, count + 1
  end
  return kept
end

-- The mark that every page failed goes when it was dealt with, and not before: until then the alert stays woken.
local function stays_woken(alert, dealt_with)
  local failed = redis.call('HGET', alert, 'f')
  if failed and failed ~= dealt_with then
    return true
  end
  redis.call('HDEL', alert, 'f')
  return false
end

local function set_wake(id, wake_at, is_new)
  if wake_at ~= '' then
    redis.call('ZADD', 'rung:wake', wake_at, id)
  elseif not is_new then
    redis.call('ZREM', 'rung:wake', id)
  end
end

local function index(id, status, is_new)
  local from, to = 'rung:closed', 'rung:open'
  if status == 'resolved' then
    from, to = to, from
  end
  if not is_new then
    redis.call('ZREM', from, id)
  end
  redis.call('ZADD', to, id, id)
end

local function set_end(key, id, key_until, keep_until)
  if keep_until == '' then
    redis.call('ZREM', 'rung:unkey', key)
    redis.call('ZREM', 'rung:expire', id)
  else
    redis.call('ZADD', 'rung:unkey', key_until, key)
    redis.call('ZADD', 'rung:expire', keep_until, id)
  end
end

local function drop_job(job)
  redis.call('DEL', 'rq:job:' .. job)
  redis.call('ZREM', 'rq:scheduler:scheduled_jobs', job)
end

local function add_job(wake_at, job, ...)
  redis.call('HSET', 'rq:job:' .. job, ...)
  redis.call('ZADD', 'rq:scheduler:scheduled_jobs', wake_at, job)
end

local function queue_notification(id, field, channel, entry, due)
  redis.call('HSET', 'rung:ledger:' .. id, field, entry)
  redis.call('ZADD', 'rung:outbox:' .. channel, due, id .. '/' .. field)
  redis.call('SADD', 'rung:outboxes', channel)
end

-- The record as it was when the alert was over stays for reports: the one that follows has clocks of its own.
local function keep_before(id, alert)
  local before = 'rung:before:' .. id
  redis.call('RPUSH', before, redis.call('HGET', alert, 'd'))
  redis.call('LTRIM', before, -KEPT_BEFORE, -1)
end

local results, notify = {}, false
for i = 1, tonumber(ARGV[4]) do
  local id, version, status, record, digest, takes_key, pointed_to, wake_at, dealt_with, old_job, key_until, keep_until,
    events, notifications, job = words(15)
  events, notifications, job = tonumber(events), tonumber(notifications), tonumber(job)
  local behind = at + events + 4 * notifications + job
  local alert, is_new = 'rung:alert:' .. id, version == '0'
  local stored = redis.call('HMGET', alert, 'v', 'c', 's')
  if remembered(stored[2]) then
    results[i] = 1
  elseif is_stale or (stored[1] or '0') ~= version
      or (takes_key ~= '' and (redis.call('HGET', 'rung:dedup', digest) or '') ~= pointed_to) then
    results[i] = 0
  else
    results[i] = 1
    if stored[3] == 'resolved' and status ~= 'resolved' then
      keep_before(id, alert)
    end
    redis.call('HSET', alert, 'v', version + 1, 'c', remember(stored[2]), 'd', record, 's', status)
    if events > 0 then
      redis.call('RPUSH', 'rung:timeline:' .. id, words(events))
    end
    for _ = 1, notifications do
      queue_notification(id, words(4))
      notify = true
    end
    if old_job ~= '' then
      drop_job(old_job)
    end
    if job > 0 then
      add_job(wake_at, words(job))
    end
    if is_new or not stays_woken(alert, dealt_with) then
      set_wake(id, wake_at, is_new)
    end
    if takes_key ~= '' then
      redis.call('HSET', 'rung:dedup', digest, id)
    end
    index(id, status, is_new)
    mark_for_digest(id, status)
    if not is_new or keep_until ~= '' then
      set_end(digest .. ':' .. id, id, key_until, keep_until)
    end
  end
  at = behind
end
if notify then
  hint_notify(instant)
end
return results
