--- The kinds of resources, as data: the member with the id, the member with the state, the shape, what the ARN is made
-- of, and the service's text for an id that nothing has.
-- `is_global` resources are the same in every region; of an `is_port` one, ports.lua works out whether it encrypts.

return {
  connection = {
    id = "connectionId", state = "connectionState", shape = "Connection", arn = "dxcon", is_port = true,
    not_found = "Could not find Connection with ID %s",
  },
  interconnect = {
    id = "interconnectId", state = "interconnectState", shape = "Interconnect", arn = "dxcon",
    is_port = true,
    not_found = "Could not find Interconnect with ID %s",
  },
  lag = {
    id = "lagId", state = "lagState", shape = "Lag", arn = "dxlag", is_port = true,
    not_found = "Could not find Lag with ID %s",
  },
  virtual_interface = {
    id = "virtualInterfaceId", state = "virtualInterfaceState", shape = "VirtualInterface", arn = "dxvif",
    not_found = "Virtual Interface with ID %s does not exist",
  },
  gateway = {
    id = "directConnectGatewayId", state = "directConnectGatewayState", shape = "DirectConnectGateway",
    arn = "dx-gateway", is_global = true,
    not_found = "Direct Connect Gateway with ID %s does not exist",
  },
  association = {
    id = "associationId", state = "associationState", shape = "DirectConnectGatewayAssociation",
    arn = "dx-gateway-association", is_global = true,
    not_found = "Direct Connect Gateway Association with ID %s does not exist",
  },
  attachment = { -- its id is made of the gateway's and the virtual interface's
    id = "_id", state = "attachmentState", shape = "DirectConnectGatewayAttachment", arn = "dx-gateway-attachment",
    is_global = true, not_found = "Direct Connect Gateway Attachment %s does not exist",
  },
  proposal = {
    id = "proposalId", state = "proposalState", shape = "DirectConnectGatewayAssociationProposal",
    arn = "dx-gateway-association-proposal", is_global = true,
    not_found = "Proposal with ID %s does not exist",
  },
  resiliency_group = {
    id = "resiliencyGroupId", state = "state", shape = "ResiliencyGroup", arn = "dx-resiliency-group",
    not_found = "Resiliency Group with ID %s does not exist",
  },
}
