--- How long states take, in seconds, by kind and state: the defaults of the option `delays`.
-- A state that is not here lasts until a call ends it. `moving` is how long something is busy after it was moved to
-- another port.

local DAY = 86400

local port = { requested = 120, pending = 180, deleting = 60, deleted = 900, moving = 60 }

return {
  connection = {
    requested = port.requested, pending = port.pending, deleting = port.deleting, deleted = port.deleted,
    rejected = 900, moving = port.moving,
  },
  hosted_connection = { pending = 60, deleting = 60, deleted = 900, rejected = 900, moving = 60 },
  interconnect = port,
  lag = port,
  virtual_interface = { verifying = 300, pending = 120, deleting = 60, deleted = 900, rejected = 900, moving = 60 },
  bgp_peer = { verifying = 300, pending = 120, deleting = 30, deleted = 120 },
  mac_sec_key = { associating = 60, disassociating = 60, disassociated = 60 },
  gateway = { pending = 60, deleting = 60, deleted = 900 },
  gateway_association = { associating = 600, updating = 120, disassociating = 300, disassociated = 900 },
  gateway_attachment = { attaching = 60, detaching = 60, detached = 900 },
  gateway_proposal = { accepted = 3 * DAY, deleted = 900 },
  resiliency_group = { pending = 30, deleting = 60, deleted = 900 },
  resiliency_group_association = { associating = 60, disassociating = 60, disassociated = 60 },
  failover_test = { completed = 365 * DAY, stopped = 365 * DAY },
}
