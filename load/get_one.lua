-- Each request reads one random site.
local sites = {}
for line in io.lines(os.getenv("BENCH_SITES")) do sites[#sites + 1] = line end
math.randomseed(1)
local headers = { ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN") }
request = function()
  return wrk.format("GET", "/api/v1/sites/" .. sites[math.random(#sites)], headers)
end
