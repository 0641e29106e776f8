--- What the states of resources mean, in words: for what waits, and for who reads.

local common = {
  requested = "asked for",
  pending = "being made",
  available = "ready for use",
  deleting = "being deleted",
  deleted = "gone",
  rejected = "refused by the account that it was made for",
  unknown = "the service does not know",
}

local port = {
  requested = "ordered; the order is being reviewed",
  pending = "approved, and being built",
  available = "built, with light on the line",
  down = "built, but no light is on the line",
}

local by_kind = {
  connection = {
    ordering = "made by a partner, and not accepted yet",
    requested = port.requested, pending = port.pending, available = port.available, down = port.down,
  },
  interconnect = port,
  lag = port,
  virtual_interface = {
    confirming = "made for another account, which has not accepted it yet",
    verifying = "the owner of its public prefixes is being checked",
    down = "made, but no BGP session is up",
    testing = "a failover test holds its BGP sessions down",
  },
  bgp_peer = { verifying = "the owner of its public prefixes is being checked" },
  gateway_association = {
    associating = "being joined; up to 45 minutes",
    associated = "joined",
    updating = "its prefixes are being changed",
    disassociating = "being parted",
    disassociated = "parted",
  },
  gateway_attachment = {
    attaching = "being attached", attached = "attached", detaching = "being detached", detached = "detached",
  },
  gateway_proposal = { requested = "not answered yet", accepted = "accepted by the gateway's owner" },
  mac_sec_key = {
    associating = "being put onto the port", associated = "on the port",
    disassociating = "being taken off the port", disassociated = "off the port",
  },
  bgp_status = { up = "every BGP session is up" },
  port_encryption = { up = "the port encrypts" },
}

--- What a state means.
-- @tparam string kind in resources.kinds
-- @tparam string state
-- @treturn ?string
local function meaning(kind, state)
  return by_kind[kind] and by_kind[kind][state] or common[state]
end

return { meaning = meaning }
