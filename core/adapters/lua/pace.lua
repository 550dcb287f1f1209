-- Shared by the scripts that know how many messages went to a person on a channel of late: more than so many within
-- the window are a storm, in which what is due waits and then goes together.
-- `rung:pace:<channel>/<responder>` holds what went, by the instant at which it was claimed, and a mark of the storm.
local STORM = 'storm'

local function pace_key(channel, responder)
  return 'rung:pace:' .. channel .. '/' .. responder
end

-- Takes back one that did not go after all: it is no reason for others to wait.
local function take_back(channel, responder, sent_as)
  redis.call('ZREM', pace_key(channel, responder), sent_as)
end

-- Gives {count, last, storm}: how many went within the window, when the last one did, whether it is a storm.
local function read_pace(key, now, limits)
  local kept = math.max(limits.window, limits.every)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.6f', now - kept))
  local pace = {count = 0}
  local found = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for i = 1, #found, 2 do
    local at = tonumber(found[i + 1])
    if found[i] == STORM then
      pace.storm = true
    else
      pace.last = math.max(pace.last or at, at)
      pace.count = pace.count + (at > now - limits.window and 1 or 0)
    end
  end
  return pace
end

local function write_pace(key, member, now, limits)
  redis.call('ZADD', key, string.format('%.6f', now), member)
  redis.call('EXPIRE', key, math.ceil(math.max(limits.window, limits.every)) + 1)
end
