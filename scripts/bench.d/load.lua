-- Hansard
-- SPDX-License-Identifier: Apache-2.0
--
-- Load for wrk. Without arguments it asks for the path of the URL. With arguments it posts events:
--
--   event|events   the route
--   FILE           the recordings, one id a line, taken in turn
--   FILE           the body
--   TEXT           where it stands in the body, each request has a number of its own instead
--   MILLISECONDS   to wait before each request
--
-- At the end it prints one line of JSON, for the program that started wrk.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function contents(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

-- The text before and after the first occurrence of a mark; without one, all of it and nil.
local function split(text, mark)
  local first, last = text:find(mark, 1, true)
  if not first then return text, nil end
  return text:sub(1, first - 1), text:sub(last + 1)
end

function init(args)
  if #args == 0 then return end
  local ids = {}
  for id in contents(args[2]):gmatch("%S+") do ids[#ids + 1] = id end
  wrk.headers["Content-Type"] = "application/json"
  -- As long as an id, so that nothing has to be counted again.
  local place = string.rep("?", #ids[1])
  local text = wrk.format(
    "POST", "/api/canvas/recording/" .. place .. "/" .. args[1], nil, contents(args[3]))
  local head, rest = split(text, place)
  local before, after = split(rest, args[4])
  local width = "%0" .. #args[4] .. "d"
  local count = 0
  -- Each thread begins elsewhere.
  local position = math.floor(number * #ids / 2)

  function request()
    count = count + 1
    position = position % #ids + 1
    if not after then return head .. ids[position] .. before end
    return head .. ids[position] .. before .. width:format(count) .. after
  end

  local wait = tonumber(args[5])
  if wait > 0 then
    function delay() return wait end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'bench {"requests":%d,"microseconds":%d,"p50":%d,"p95":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
    latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
