--- What the service's model does not say: written by hand, compiled by generate.lua into model.c.
-- Every operation of the model has exactly one entry; the generator fails where one is missing or left over.

-- Effects, by operation. The first word is the retry class:
--   read        sends nothing that changes anything
--   repeatable  a second time means "already so"
--   token       carries a client token that makes a repeat harmless
--   once        must not go out twice unless the first surely had no effect
-- then the labels beyond the class's own ("reads" or "changes"): interrupts, bills, spends_quota.
-- `interrupts_with` names the member that makes the call interrupt traffic; without it, it always does.
-- `look_with` names what shows the thing where the shape alone does not tell (see below).
local operations = {
  connection = {
    AllocateConnectionOnInterconnect = {
      "once", "bills", use_instead = "AllocateHostedConnection", look_with = "DescribeHostedConnections",
    },
    AllocateHostedConnection = { "once", "bills", look_with = "DescribeHostedConnections" },
    AssociateHostedConnection = { "once", "interrupts" },
    ConfirmConnection = { "repeatable", "bills" },
    CreateConnection = { "once", "bills" },
    DeleteConnection = { "repeatable" },
    DescribeConnectionLoa = { "read", use_instead = "DescribeLoa" },
    DescribeConnections = { "read" },
    DescribeConnectionsOnInterconnect = { "read", use_instead = "DescribeHostedConnections" },
    DescribeHostedConnections = { "read" },
    DescribeLoa = { "read" },
    UpdateConnection = { "repeatable" },
    UpdateConnectionsBillingMode = { "once", "spends_quota" },
  },
  lag = {
    AssociateConnectionWithLag = { "once", "interrupts" },
    CreateLag = { "once", "bills", "interrupts", interrupts_with = "connectionId" },
    DeleteLag = { "repeatable" },
    DescribeLags = { "read" },
    DisassociateConnectionFromLag = { "repeatable", "interrupts" },
    UpdateLag = { "repeatable" },
  },
  interconnect = {
    CreateInterconnect = { "once", "bills" },
    DeleteInterconnect = { "repeatable" },
    DescribeInterconnectLoa = { "read", use_instead = "DescribeLoa" },
    DescribeInterconnects = { "read" },
  },
  macsec = {
    AssociateMacSecKey = { "once" },
    DisassociateMacSecKey = { "repeatable" },
  },
  virtual_interface = {
    AllocatePrivateVirtualInterface = { "once" },
    AllocatePublicVirtualInterface = { "once" },
    AllocateTransitVirtualInterface = { "once" },
    AssociateVirtualInterface = { "once", "interrupts" },
    ConfirmPrivateVirtualInterface = { "repeatable" },
    ConfirmPublicVirtualInterface = { "repeatable" },
    ConfirmTransitVirtualInterface = { "repeatable" },
    CreatePrivateVirtualInterface = { "once" },
    CreatePublicVirtualInterface = { "once" },
    CreateTransitVirtualInterface = { "once" },
    DeleteVirtualInterface = { "repeatable" },
    DescribeRouterConfiguration = { "read" },
    DescribeVirtualInterfaces = { "read" },
    ListVirtualInterfaceRoutes = { "read" },
    UpdateVirtualInterfaceAttributes = { "repeatable", "interrupts", interrupts_with = "mtu" },
  },
  bgp = {
    CreateBGPPeer = { "once" },
    DeleteBGPPeer = { "repeatable" },
    ListVirtualInterfaceTestHistory = { "read" },
    StartBgpFailoverTest = { "once", "interrupts" },
    StopBgpFailoverTest = { "repeatable" },
  },
  gateway = {
    AcceptDirectConnectGatewayAssociationProposal = { "repeatable" },
    CreateDirectConnectGateway = { "once" },
    CreateDirectConnectGatewayAssociation = { "once" },
    CreateDirectConnectGatewayAssociationProposal = { "once" },
    DeleteDirectConnectGateway = { "repeatable" },
    DeleteDirectConnectGatewayAssociation = { "repeatable" },
    DeleteDirectConnectGatewayAssociationProposal = { "repeatable" },
    DescribeDirectConnectGatewayAssociationProposals = { "read" },
    DescribeDirectConnectGatewayAssociations = { "read" },
    DescribeDirectConnectGatewayAttachments = { "read" },
    DescribeDirectConnectGateways = { "read" },
    DescribeVirtualGateways = { "read" },
    UpdateDirectConnectGateway = { "repeatable" },
    UpdateDirectConnectGatewayAssociation = {
      "repeatable", "interrupts", interrupts_with = "removeAllowedPrefixesToDirectConnectGateway",
    },
  },
  resiliency_group = {
    AssociateConnectionsToResiliencyGroup = { "token" },
    CreateResiliencyGroup = { "token" },
    DeleteResiliencyGroup = { "repeatable" },
    DisassociateConnectionsFromResiliencyGroup = { "token" },
    GetResiliencyGroup = { "read" },
    ListResiliencyGroupAssociations = { "read" },
    ListResiliencyGroups = { "read" },
    UpdateResiliencyGroup = { "token" },
  },
  tag = {
    DescribeTags = { "read" },
    TagResource = { "repeatable" },
    UntagResource = { "repeatable" },
  },
  account = {
    ConfirmCustomerAgreement = { "repeatable" },
    DescribeCustomerMetadata = { "read" },
    DescribeLocations = { "read" },
  },
}

-- What an operation made or changed can be looked at with, by the shape of what it is.
local look_with = {
  Connection = "DescribeConnections",
  DirectConnectGateway = "DescribeDirectConnectGateways",
  DirectConnectGatewayAssociation = "DescribeDirectConnectGatewayAssociations",
  DirectConnectGatewayAssociationProposal = "DescribeDirectConnectGatewayAssociationProposals",
  Interconnect = "DescribeInterconnects",
  Lag = "DescribeLags",
  MacSecKey = "DescribeConnections",
  ResiliencyGroup = "ListResiliencyGroups",
  ResiliencyGroupAssociation = "ListResiliencyGroupAssociations",
  VirtualInterface = "DescribeVirtualInterfaces",
  VirtualInterfaceTestHistory = "ListVirtualInterfaceTestHistory",
}

-- Members whose values are secret wherever they occur.
local secret_members = { "cak", "authKey", "customerRouterConfig" }

-- Members that are out of use, and the one of the same structure to use instead.
local replaced_members = {
  ["Connection.awsDevice"] = "awsDeviceV2",
  ["Interconnect.awsDevice"] = "awsDeviceV2",
  ["Lag.awsDevice"] = "awsDeviceV2",
  ["CreateDirectConnectGatewayAssociationRequest.virtualGatewayId"] = "gatewayId",
  ["DeleteDirectConnectGatewayAssociationRequest.virtualGatewayId"] = "associationId",
  ["DescribeDirectConnectGatewayAssociationsRequest.virtualGatewayId"] = "associatedGatewayId",
  ["DirectConnectGatewayAssociation.virtualGatewayId"] = "associatedGateway",
}

-- The member that makes a repeat harmless.
local token_member = "clientToken"

-- Limits of members of what is sent (answers are never judged), by member, or by "Shape.member".
local limits = {
  asn = { ranges = { { 1, 2147483646 } } },
  asnLong = { ranges = { { 1, 4294967294 } } },
  amazonSideAsn = { ranges = { { 64512, 65534 }, { 4200000000, 4294967294 } } },
  vlan = { ranges = { { 1, 4094 } } },
  mtu = { ranges = { { 1500, 1500 }, { 8500, 8500 } } },
  testDurationInMinutes = { ranges = { { 1, 4320 } } },
  authKey = { length = { 6, 80 } },
  ["AssociateMacSecKeyRequest.ckn"] = { hex = 64 },
  ["AssociateMacSecKeyRequest.cak"] = { hex = 64 },
  tags = { length = { 1, 50 } },
  childConnectionTags = { length = { 1, 50 } },
}

-- Either/or rules, by structure. `groups` are sets of members that go together.
--   one       exactly one group, and that one whole
--   at_most_one
--   any       at least one group whole
--   all       every member
--   none      no member
-- `when = {member, value}` limits a rule to requests in which the member has that value.
local one_asn = { "at_most_one", groups = { { "asn" }, { "asnLong" } } }
local an_asn = { "one", groups = { { "asn" }, { "asnLong" } } }
local assigned = { "none", groups = { { "amazonAddress", "customerAddress" } }, when = { "addressFamily", "ipv6" } }
local own_addresses = {
  "all", groups = { { "amazonAddress", "customerAddress", "routeFilterPrefixes" } }, when = { "addressFamily", "ipv4" },
}

local rules = {
  AssociateMacSecKeyRequest = { { "one", groups = { { "secretARN" }, { "ckn", "cak" } } } },
  NewBGPPeer = { one_asn, assigned },
  NewPrivateVirtualInterface = {
    one_asn, assigned, { "one", groups = { { "virtualGatewayId" }, { "directConnectGatewayId" } } },
  },
  NewPrivateVirtualInterfaceAllocation = { one_asn, assigned },
  NewPublicVirtualInterface = { one_asn, assigned, own_addresses },
  NewPublicVirtualInterfaceAllocation = { one_asn, assigned, own_addresses },
  NewTransitVirtualInterface = {
    { "all", groups = { { "virtualInterfaceName", "vlan", "directConnectGatewayId" } } }, an_asn, assigned,
  },
  NewTransitVirtualInterfaceAllocation = {
    { "all", groups = { { "virtualInterfaceName", "vlan" } } }, an_asn, assigned,
  },
  CreateDirectConnectGatewayAssociationRequest = {
    { "one", groups = { { "gatewayId" }, { "virtualGatewayId" } } },
  },
  DeleteDirectConnectGatewayAssociationRequest = {
    { "any", groups = { { "associationId" }, { "directConnectGatewayId", "virtualGatewayId" } } },
  },
  DescribeDirectConnectGatewayAssociationsRequest = {
    {
      "any",
      groups = { { "associationId" }, { "associatedGatewayId" }, { "directConnectGatewayId" }, { "virtualGatewayId" } },
    },
  },
  DescribeDirectConnectGatewayAttachmentsRequest = {
    { "any", groups = { { "directConnectGatewayId" }, { "virtualInterfaceId" } } },
  },
  DeleteBGPPeerRequest = {
    one_asn,
    { "any", groups = { { "bgpPeerId" }, { "asn", "customerAddress" }, { "asnLong", "customerAddress" } } },
  },
}

return {
  operations = operations,
  look_with = look_with,
  secret_members = secret_members,
  replaced_members = replaced_members,
  token_member = token_member,
  limits = limits,
  rules = rules,
}
