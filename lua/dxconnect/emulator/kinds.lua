--- The kinds of resources, as data.
--   id, state   the members that hold them
--   shape       of the service's model
--   arn         what the ARN's path begins with
--   is_global   the resource is the same in every region; `has_global_arn`: only its ARN names no region
--   is_port     connections, interconnects and LAGs
--   indexed     members by whose value records are looked up (world:each_by)
--   parts       lists of a record whose items have states of their own, with the items' kind
--   is_part     an item of such a list
--   not_found   the service's text for an id that nothing has

return {
  connection = {
    id = "connectionId", state = "connectionState", shape = "Connection", arn = "dxcon", is_port = true,
    indexed = { "_parent", "location" }, parts = { macSecKeys = "mac_sec_key" },
    not_found = "Could not find Connection with ID %s",
  },
  interconnect = {
    id = "interconnectId", state = "interconnectState", shape = "Interconnect", arn = "dxcon", is_port = true,
    indexed = {}, parts = { macSecKeys = "mac_sec_key" },
    not_found = "Could not find Interconnect with ID %s",
  },
  lag = {
    id = "lagId", state = "lagState", shape = "Lag", arn = "dxlag", is_port = true,
    indexed = {}, parts = { macSecKeys = "mac_sec_key" },
    not_found = "Could not find Lag with ID %s",
  },
  virtual_interface = {
    id = "virtualInterfaceId", state = "virtualInterfaceState", shape = "VirtualInterface", arn = "dxvif",
    indexed = { "connectionId" }, parts = { bgpPeers = "bgp_peer" },
    not_found = "Virtual Interface with ID %s does not exist",
  },
  gateway = {
    id = "directConnectGatewayId", state = "directConnectGatewayState", shape = "DirectConnectGateway",
    arn = "dx-gateway", is_global = true, indexed = {}, parts = {},
    not_found = "Direct Connect Gateway with ID %s does not exist",
  },
  gateway_association = {
    id = "associationId", state = "associationState", shape = "DirectConnectGatewayAssociation",
    arn = "dx-gateway-association", is_global = true, indexed = { "directConnectGatewayId", "_gateway" }, parts = {},
    not_found = "Direct Connect Gateway Association with ID %s does not exist",
  },
  gateway_attachment = { -- its id is made of the gateway's and the virtual interface's
    id = "_id", state = "attachmentState", shape = "DirectConnectGatewayAttachment", arn = "dx-gateway-attachment",
    is_global = true, indexed = { "directConnectGatewayId", "virtualInterfaceId" }, parts = {},
    not_found = "Direct Connect Gateway Attachment %s does not exist",
  },
  gateway_proposal = {
    id = "proposalId", state = "proposalState", shape = "DirectConnectGatewayAssociationProposal",
    arn = "dx-gateway-association-proposal", is_global = true, indexed = { "directConnectGatewayId", "_gateway" },
    parts = {},
    not_found = "Proposal with ID %s does not exist",
  },
  resiliency_group = {
    id = "resiliencyGroupId", state = "state", shape = "ResiliencyGroup", arn = "dx-resiliency-group",
    has_global_arn = true, indexed = {}, parts = { _associations = "resiliency_group_association" },
    not_found = "Resiliency Group with ID %s does not exist",
  },
  failover_test = {
    id = "testId", state = "status", shape = "VirtualInterfaceTestHistory", arn = "dx-failover-test",
    indexed = { "virtualInterfaceId" }, parts = {},
    not_found = "Virtual Interface test with ID %s does not exist",
  },
  mac_sec_key = { id = "secretARN", state = "state", shape = "MacSecKey", is_part = true },
  bgp_peer = { id = "bgpPeerId", state = "bgpPeerState", shape = "BGPPeer", is_part = true },
  resiliency_group_association = {
    id = "connectionArn", state = "state", shape = "ResiliencyGroupAssociation", is_part = true,
  },
}
