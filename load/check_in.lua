-- Each request is one entry of a random participant, as a device sends it.
local participants = {}
for line in io.lines(os.getenv("BENCH_PARTICIPANTS")) do participants[#participants + 1] = line end
math.randomseed(tonumber(os.getenv("BENCH_SEED") or "1"))
local headers = { ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"), ["Content-Type"] = "application/json" }
request = function()
  local body = '{"participant_id":"' .. participants[math.random(#participants)] .. '","direction":"entry"}'
  return wrk.format("POST", "/api/v1/check-ins", headers, body)
end
