-- Reads alerts by dedup key and by id, reserves an id for every key that may need a new alert, and tells the time.
-- ARGV: now ('' = the server's own), how many ids to spare, how many digests, the digests, then ids.
-- Gives {now, first reserved id, one {} or {id, version, record, failed cause} for each digest and id, the version of
-- the standing orders}.
local now = clock(ARGV[1])

local function read(id)
  local found = redis.call('HMGET', 'rung:alert:' .. id, 'v', 'd', 'f', 's')
  if not found[1] then
    return {}, nil
  end
  return {id, found[1], found[2] or '', found[3] or ''}, found[4]
end

local needed, digests = tonumber(ARGV[2]), tonumber(ARGV[3])
local rows = {}
for i = 4, 3 + digests do
  local id = redis.call('HGET', 'rung:dedup', ARGV[i])
  local row, status = {}, nil
  if id then
    row, status = read(id)
    if not status then
      redis.call('HDEL', 'rung:dedup', ARGV[i])  -- the alert is gone; nothing holds this key any more
    end
  end
  if not status or status == 'resolved' then
    needed = needed + 1
  end
  rows[#rows + 1] = row
end
for i = 4 + digests, #ARGV do
  local row, status = read(ARGV[i])
  if not status then
    redis.call('ZREM', 'rung:wake', ARGV[i])
  end
  rows[#rows + 1] = row
end

local first = 0
if needed > 0 then
  first = redis.call('INCRBY', 'rung:last_id', needed) - needed + 1
end
return {now, first, rows, tonumber(redis.call('GET', 'rung:standing') or 0)}
