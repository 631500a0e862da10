-- wrk asks the paths in the file that KERNENKAART_PADEN names, one after the other
local paden = {}
for pad in io.lines(os.getenv("KERNENKAART_PADEN")) do
  paden[#paden + 1] = pad
end
local nummer = 0

request = function()
  nummer = nummer % #paden + 1
  return wrk.format("GET", paden[nummer])
end
