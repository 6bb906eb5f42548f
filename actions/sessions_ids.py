"""Which session an event belongs to when its sender does not say: 30 minutes without an event end one."""

import uuid
from collections.abc import Sequence

from errors import Unavailable
from stores import redis

GAP_MS = 30 * 60 * 1000
KEEP_S = 2 * 3600  # a session that nobody heard of for so long is over, whatever the clocks say

# For each visitor's hash: its session, and its first and last event. One call a request, so that two requests cannot both begin one.
# An event from before the session keeps its own: a latecomer must not end what goes on.
ASSIGN_LUA = """
local answer = {}
local gap, keep = tonumber(ARGV[1]), ARGV[2]
for i = 3, #ARGV, 3 do
  local key = KEYS[1] .. ARGV[i]
  local at, fresh = tonumber(ARGV[i + 1]), ARGV[i + 2]
  local known = redis.call('HMGET', key, 's', 'f', 'l')
  local first, last = tonumber(known[2]), tonumber(known[3])
  if known[1] and at < last + gap and at > first - gap then
    answer[#answer + 1] = known[1]
    redis.call('HSET', key, 'f', math.min(first, at), 'l', math.max(last, at))
    redis.call('EXPIRE', key, keep)
  else
    answer[#answer + 1] = fresh
    if not last or at >= last + gap then
      redis.call('HSET', key, 's', fresh, 'f', at, 'l', at)
      redis.call('EXPIRE', key, keep)
    end
  end
end
return answer
"""


def assign(tenant: str, visits: Sequence[tuple[str, int]]) -> list[str]:
    """The session of each (visitor id, time in ms), in their order.

    Without the store, or with one that was lost, each visitor begins a new session: within the request it still is one.
    """
    if not visits:
        return []
    proposals = _proposals(visits)
    args = [value for visitor, at, new in proposals for value in (visitor, at, new)]
    try:
        with redis.answers() as client:
            found = client.eval(ASSIGN_LUA, 1, f"session:{tenant}:", GAP_MS, KEEP_S, *args)
    except Unavailable:
        return [new for _, _, new in proposals]
    return [session.decode() for session in found]


def _proposals(visits: Sequence[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """Each visit with the id that its session gets if it begins one: a gap inside the request begins another one."""
    last: dict[str, tuple[int, str]] = {}
    proposals = []
    for visitor, at in visits:
        before = last.get(visitor)
        new = before[1] if before and abs(at - before[0]) < GAP_MS else uuid.uuid4().hex
        last[visitor] = at, new
        proposals.append((visitor, at, new))
    return proposals
