---@meta dxconnect
-- The interface of dxconnect in annotations of the Lua language server, for editors; nothing loads it at run time.
-- Written by `make docs` from the model, the help and .ci/docs/annotations/: change those.
-- luacheck: ignore
-- luacheck: no max line length

---@alias dxconnect.Operation "AcceptDirectConnectGatewayAssociationProposal"|"accept_direct_connect_gateway_association_proposal"|"AllocateConnectionOnInterconnect"|"allocate_connection_on_interconnect"|"AllocateHostedConnection"|"allocate_hosted_connection"|"AllocatePrivateVirtualInterface"|"allocate_private_virtual_interface"|"AllocatePublicVirtualInterface"|"allocate_public_virtual_interface"|"AllocateTransitVirtualInterface"|"allocate_transit_virtual_interface"|"AssociateConnectionWithLag"|"associate_connection_with_lag"|"AssociateConnectionsToResiliencyGroup"|"associate_connections_to_resiliency_group"|"AssociateHostedConnection"|"associate_hosted_connection"|"AssociateMacSecKey"|"associate_mac_sec_key"|"AssociateVirtualInterface"|"associate_virtual_interface"|"ConfirmConnection"|"confirm_connection"|"ConfirmCustomerAgreement"|"confirm_customer_agreement"|"ConfirmPrivateVirtualInterface"|"confirm_private_virtual_interface"|"ConfirmPublicVirtualInterface"|"confirm_public_virtual_interface"|"ConfirmTransitVirtualInterface"|"confirm_transit_virtual_interface"|"CreateBGPPeer"|"create_bgp_peer"|"CreateConnection"|"create_connection"|"CreateDirectConnectGateway"|"create_direct_connect_gateway"|"CreateDirectConnectGatewayAssociation"|"create_direct_connect_gateway_association"|"CreateDirectConnectGatewayAssociationProposal"|"create_direct_connect_gateway_association_proposal"|"CreateInterconnect"|"create_interconnect"|"CreateLag"|"create_lag"|"CreatePrivateVirtualInterface"|"create_private_virtual_interface"|"CreatePublicVirtualInterface"|"create_public_virtual_interface"|"CreateResiliencyGroup"|"create_resiliency_group"|"CreateTransitVirtualInterface"|"create_transit_virtual_interface"|"DeleteBGPPeer"|"delete_bgp_peer"|"DeleteConnection"|"delete_connection"|"DeleteDirectConnectGateway"|"delete_direct_connect_gateway"|"DeleteDirectConnectGatewayAssociation"|"delete_direct_connect_gateway_association"|"DeleteDirectConnectGatewayAssociationProposal"|"delete_direct_connect_gateway_association_proposal"|"DeleteInterconnect"|"delete_interconnect"|"DeleteLag"|"delete_lag"|"DeleteResiliencyGroup"|"delete_resiliency_group"|"DeleteVirtualInterface"|"delete_virtual_interface"|"DescribeConnectionLoa"|"describe_connection_loa"|"DescribeConnections"|"describe_connections"|"DescribeConnectionsOnInterconnect"|"describe_connections_on_interconnect"|"DescribeCustomerMetadata"|"describe_customer_metadata"|"DescribeDirectConnectGatewayAssociationProposals"|"describe_direct_connect_gateway_association_proposals"|"DescribeDirectConnectGatewayAssociations"|"describe_direct_connect_gateway_associations"|"DescribeDirectConnectGatewayAttachments"|"describe_direct_connect_gateway_attachments"|"DescribeDirectConnectGateways"|"describe_direct_connect_gateways"|"DescribeHostedConnections"|"describe_hosted_connections"|"DescribeInterconnectLoa"|"describe_interconnect_loa"|"DescribeInterconnects"|"describe_interconnects"|"DescribeLags"|"describe_lags"|"DescribeLoa"|"describe_loa"|"DescribeLocations"|"describe_locations"|"DescribeRouterConfiguration"|"describe_router_configuration"|"DescribeTags"|"describe_tags"|"DescribeVirtualGateways"|"describe_virtual_gateways"|"DescribeVirtualInterfaces"|"describe_virtual_interfaces"|"DisassociateConnectionFromLag"|"disassociate_connection_from_lag"|"DisassociateConnectionsFromResiliencyGroup"|"disassociate_connections_from_resiliency_group"|"DisassociateMacSecKey"|"disassociate_mac_sec_key"|"GetResiliencyGroup"|"get_resiliency_group"|"ListResiliencyGroupAssociations"|"list_resiliency_group_associations"|"ListResiliencyGroups"|"list_resiliency_groups"|"ListVirtualInterfaceRoutes"|"list_virtual_interface_routes"|"ListVirtualInterfaceTestHistory"|"list_virtual_interface_test_history"|"StartBgpFailoverTest"|"start_bgp_failover_test"|"StopBgpFailoverTest"|"stop_bgp_failover_test"|"TagResource"|"tag_resource"|"UntagResource"|"untag_resource"|"UpdateConnection"|"update_connection"|"UpdateConnectionsBillingMode"|"update_connections_billing_mode"|"UpdateDirectConnectGateway"|"update_direct_connect_gateway"|"UpdateDirectConnectGatewayAssociation"|"update_direct_connect_gateway_association"|"UpdateLag"|"update_lag"|"UpdateResiliencyGroup"|"update_resiliency_group"|"UpdateVirtualInterfaceAttributes"|"update_virtual_interface_attributes"

---@alias dxconnect.ErrorCode "ParamValidationError"|"UnknownOperationError"|"NotConfirmedError"|"ConfigError"|"NoRegionError"|"NoCredentialsError"|"CredentialsError"|"ConnectionError"|"TimeoutError"|"TLSError"|"CancelledError"|"ResponseError"|"WaiterTimeoutError"|"WaiterFailedError"|"DirectConnectClientException"|"DirectConnectServerException"|"DuplicateTagKeysException"|"LimitExceededException"|"TooManyTagsException"

---@alias dxconnect.WaiterState
---| "bgp_peer_available" # ready for use
---| "bgp_peer_deleted" # gone
---| "bgp_peer_deleting" # being deleted
---| "bgp_peer_pending" # being made
---| "bgp_peer_verifying" # the owner of its public prefixes is being checked
---| "bgp_status_up" # every BGP session is up
---| "connection_available" # built, with light on the line
---| "connection_deleted" # gone
---| "connection_deleting" # being deleted
---| "connection_down" # built, but no light is on the line
---| "connection_ordering" # made by a partner, and not accepted yet
---| "connection_pending" # approved, and being built
---| "connection_rejected" # refused by the account that it was made for
---| "connection_requested" # ordered; the order is being reviewed
---| "connection_unknown" # the service does not know
---| "gateway_association_associated" # joined
---| "gateway_association_associating" # being joined; up to 45 minutes
---| "gateway_association_disassociated" # parted
---| "gateway_association_disassociating" # being parted
---| "gateway_association_updating" # its prefixes are being changed
---| "gateway_attachment_attached" # attached
---| "gateway_attachment_attaching" # being attached
---| "gateway_attachment_detached" # detached
---| "gateway_attachment_detaching" # being detached
---| "gateway_available" # ready for use
---| "gateway_deleted" # gone
---| "gateway_deleting" # being deleted
---| "gateway_pending" # being made
---| "gateway_proposal_accepted" # accepted by the gateway's owner
---| "gateway_proposal_deleted" # gone
---| "gateway_proposal_requested" # not answered yet
---| "interconnect_available" # built, with light on the line
---| "interconnect_deleted" # gone
---| "interconnect_deleting" # being deleted
---| "interconnect_down" # built, but no light is on the line
---| "interconnect_pending" # approved, and being built
---| "interconnect_requested" # ordered; the order is being reviewed
---| "interconnect_unknown" # the service does not know
---| "lag_available" # built, with light on the line
---| "lag_deleted" # gone
---| "lag_deleting" # being deleted
---| "lag_down" # built, but no light is on the line
---| "lag_pending" # approved, and being built
---| "lag_requested" # ordered; the order is being reviewed
---| "lag_unknown" # the service does not know
---| "mac_sec_key_associated" # on the port
---| "mac_sec_key_associating" # being put onto the port
---| "mac_sec_key_disassociated" # off the port
---| "mac_sec_key_disassociating" # being taken off the port
---| "port_encryption_up" # the port encrypts
---| "resiliency_group_available" # ready for use
---| "resiliency_group_deleted" # gone
---| "resiliency_group_deleting" # being deleted
---| "resiliency_group_pending" # being made
---| "virtual_interface_available" # ready for use
---| "virtual_interface_confirming" # made for another account, which has not accepted it yet
---| "virtual_interface_deleted" # gone
---| "virtual_interface_deleting" # being deleted
---| "virtual_interface_down" # made, but no BGP session is up
---| "virtual_interface_pending" # being made
---| "virtual_interface_rejected" # refused by the account that it was made for
---| "virtual_interface_testing" # a failover test holds its BGP sessions down
---| "virtual_interface_unknown" # the service does not know
---| "virtual_interface_verifying" # the owner of its public prefixes is being checked

---@class dxconnect.AcceptDirectConnectGatewayAssociationProposalRequest
---@field directConnectGatewayId string the Direct Connect gateway, in the form of a UUID; required
---@field proposalId string the proposal; required
---@field associatedGatewayOwnerAccount string account that owns the gateway to be joined; required
---@field overrideAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes to announce instead of those proposed

---@class dxconnect.AcceptDirectConnectGatewayAssociationProposalResult
---@field directConnectGatewayAssociation? dxconnect.DirectConnectGatewayAssociation the association

---@alias dxconnect.AddressFamily "ipv4"|"ipv6"|string

---@class dxconnect.AllocateConnectionOnInterconnectRequest
---@field bandwidth string speed of the port: 1Gbps, 10Gbps, 100Gbps, 400Gbps; hosted connections from 50Mbps on; required
---@field connectionName string name of the connection; required
---@field ownerAccount string account that is to own it; required
---@field interconnectId string dxcon-...; required
---@field vlan integer tag of the virtual LAN, unused so far on that connection; required; 1 to 4094

---@class dxconnect.AllocateHostedConnectionRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field ownerAccount string account that is to own it; required
---@field bandwidth string speed of the port: 1Gbps, 10Gbps, 100Gbps, 400Gbps; hosted connections from 50Mbps on; required
---@field connectionName string name of the connection; required
---@field vlan integer tag of the virtual LAN, unused so far on that connection; required; 1 to 4094
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items

---@class dxconnect.AllocatePrivateVirtualInterfaceRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field ownerAccount string account that is to own it; required
---@field newPrivateVirtualInterfaceAllocation dxconnect.NewPrivateVirtualInterfaceAllocation the interface to make for another account; required

---@class dxconnect.AllocatePublicVirtualInterfaceRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field ownerAccount string account that is to own it; required
---@field newPublicVirtualInterfaceAllocation dxconnect.NewPublicVirtualInterfaceAllocation the interface to make for another account; required

---@class dxconnect.AllocateTransitVirtualInterfaceRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field ownerAccount string account that is to own it; required
---@field newTransitVirtualInterfaceAllocation dxconnect.NewTransitVirtualInterfaceAllocation the interface to make for another account; required

---@class dxconnect.AllocateTransitVirtualInterfaceResult
---@field virtualInterface? dxconnect.VirtualInterface the virtual interface

---@class dxconnect.AsPathSegment
---@field pathType? dxconnect.AsPathType whether the AS numbers are a sequence or a set
---@field path? integer[] AS numbers of the segment, in order

---@alias dxconnect.AsPathType "seq"|"set"|string

---@class dxconnect.AssociateConnectionWithLagRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field lagId string dxlag-...; required

---@class dxconnect.AssociateConnectionsToResiliencyGroupRequest
---@field connectionIdentifiers string[] connections, by id or ARN; required; 1 to 50 items
---@field resiliencyGroupId string dxrg-...; required; 22 characters
---@field clientToken? string makes a repeat harmless; filled in where left out; 1 to 128 characters

---@class dxconnect.AssociateConnectionsToResiliencyGroupResult
---@field resiliencyGroupAssociations? dxconnect.ResiliencyGroupAssociation[] the connections of the group, with their states

---@class dxconnect.AssociateHostedConnectionRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field parentConnectionId string interconnect or LAG to move to; required

--- Exactly one of secretARN or ckn with cak.
---@class dxconnect.AssociateMacSecKeyRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field secretARN? string secret of AWS Secrets Manager that an earlier association made
---@field ckn? string the key's name; 64 hexadecimal digits
---@field cak? string|dxconnect.Secret the key itself; dxconnect.macsec.generate() makes one; 64 hexadecimal digits; secret

---@class dxconnect.AssociateMacSecKeyResponse
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field macSecKeys? dxconnect.MacSecKey[] MACsec keys of the port

---@class dxconnect.AssociateVirtualInterfaceRequest
---@field virtualInterfaceId string dxvif-...; required
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required

---@class dxconnect.AssociatedCoreNetwork
---@field id? string id of the core network; 14 to 30 characters
---@field ownerAccount? string account that is to own it
---@field attachmentId? string the core network's attachment; 12 to 28 characters

---@class dxconnect.AssociatedGateway
---@field id? string id of the gateway, vgw-... or tgw-...
---@field type? dxconnect.GatewayType virtualPrivateGateway or transitGateway
---@field ownerAccount? string account that is to own it
---@field region? string region of the gateway

---@class dxconnect.AvailableBillingMode
---@field billingMode? dxconnect.BillingMode how the port is billed
---@field availablePortSpeeds? string[] speeds of ports that can be ordered
---@field includedRegions? string[] regions that the offer covers

---@class dxconnect.BGPPeer
---@field bgpPeerId? string dxpeer-...
---@field asn? integer your BGP AS number
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn
---@field authKey? string MD5 key of the BGP session; secret
---@field addressFamily? dxconnect.AddressFamily IP version of the session
---@field amazonAddress? string address of AWS's end, with prefix length
---@field customerAddress? string address of your end, with prefix length
---@field bgpPeerState? dxconnect.BGPPeerState state of the BGP peer
---@field bgpStatus? dxconnect.BGPStatus whether the BGP session is up
---@field awsDeviceV2? string the physical device that the port ends on
---@field awsLogicalDeviceId? string the logical device that the port ends on

---@alias dxconnect.BGPPeerState "verifying"|"pending"|"available"|"deleting"|"deleted"|string

---@alias dxconnect.BGPStatus "up"|"down"|"unknown"|string

---@alias dxconnect.BillingMode "PayAsYouGo"|"FlatRateTier1"|"FlatRateTier2"|"FlatRateTier3"|"FlatRateTier4"|"FlatRateTier5"|"PortPairFlatRateTier1"|"PortPairFlatRateTier2"|"PortPairFlatRateTier3"|"PortPairFlatRateTier4"|"PortPairFlatRateTier5"|string

---@class dxconnect.ConfirmConnectionRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required

---@class dxconnect.ConfirmConnectionResponse
---@field connectionState? dxconnect.ConnectionState state of the connection

---@class dxconnect.ConfirmCustomerAgreementRequest
---@field agreementName? string name of the agreement; 0 to 100 characters

---@class dxconnect.ConfirmCustomerAgreementResponse
---@field status? string whether the agreement is confirmed; 0 to 30 characters

---@class dxconnect.ConfirmPrivateVirtualInterfaceRequest
---@field virtualInterfaceId string dxvif-...; required
---@field virtualGatewayId? string virtual private gateway, vgw-...
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID

---@class dxconnect.ConfirmPrivateVirtualInterfaceResponse
---@field virtualInterfaceState? dxconnect.VirtualInterfaceState state of the virtual interface

---@class dxconnect.ConfirmPublicVirtualInterfaceRequest
---@field virtualInterfaceId string dxvif-...; required

---@class dxconnect.ConfirmPublicVirtualInterfaceResponse
---@field virtualInterfaceState? dxconnect.VirtualInterfaceState state of the virtual interface

---@class dxconnect.ConfirmTransitVirtualInterfaceRequest
---@field virtualInterfaceId string dxvif-...; required
---@field directConnectGatewayId string the Direct Connect gateway, in the form of a UUID; required

---@class dxconnect.ConfirmTransitVirtualInterfaceResponse
---@field virtualInterfaceState? dxconnect.VirtualInterfaceState state of the virtual interface

---@class dxconnect.Connection
---@field ownerAccount? string account that owns the connection
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field connectionName? string name of the connection
---@field connectionState? dxconnect.ConnectionState state of the connection
---@field region? string region that it is in
---@field location? string code of the location; see describe_locations
---@field bandwidth? string speed of the port: 1Gbps, 10Gbps, 100Gbps, 400Gbps; hosted connections from 50Mbps on
---@field vlan? integer VLAN of a hosted connection
---@field partnerName? string partner that provides the connection
---@field loaIssueTime? number when a letter of authorization was last fetched
---@field lagId? string the LAG that the connection is in, if any
---@field awsDevice? string older name of the device that the port ends on; deprecated (use awsDeviceV2)
---@field jumboFrameCapable? boolean whether frames of 8500 or 9001 bytes can pass
---@field awsDeviceV2? string the physical device that the port ends on
---@field awsLogicalDeviceId? string the logical device that the port ends on
---@field hasLogicalRedundancy? dxconnect.HasLogicalRedundancy whether a second BGP peer can end on another device
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item
---@field providerName? string partner that provides the last mile
---@field macSecCapable? boolean whether the port can do MACsec
---@field portEncryptionStatus? string Encryption Up or Encryption Down, by MACsec
---@field encryptionMode? string no_encrypt, should_encrypt or must_encrypt
---@field macSecKeys? dxconnect.MacSecKey[] MACsec keys of the port
---@field rateLimiterStatus? dxconnect.RateLimiterStatus rate limiters of the port: how many it has, and how much they limit
---@field partnerInterconnectMacSecCapable? boolean whether the partner's interconnect can do MACsec
---@field prefixPoolSizeIpv4? integer IPv4 prefixes in the port's pool; at least 0
---@field prefixPoolSizeIpv6? integer IPv6 prefixes in the port's pool; at least 0
---@field prefixPoolUnallocatedCountIpv4? integer IPv4 prefixes of the pool that no interface has taken; at least 0
---@field prefixPoolUnallocatedCountIpv6? integer IPv6 prefixes of the pool that no interface has taken; at least 0
---@field billingMode? dxconnect.BillingMode how the port is billed

---@alias dxconnect.ConnectionState "ordering"|"requested"|"pending"|"available"|"down"|"deleting"|"deleted"|"rejected"|"unknown"|string

---@class dxconnect.Connections
---@field connections? dxconnect.Connection[] the connections
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.CreateBGPPeerRequest
---@field virtualInterfaceId? string dxvif-...
---@field newBGPPeer? dxconnect.NewBGPPeer the BGP peer to make

---@class dxconnect.CreateBGPPeerResponse
---@field virtualInterface? dxconnect.VirtualInterface the virtual interface

---@class dxconnect.CreateConnectionRequest
---@field location string code of the location; see describe_locations; required
---@field bandwidth string speed of the port: 1Gbps, 10Gbps, 100Gbps, 400Gbps; hosted connections from 50Mbps on; required
---@field connectionName string name of the connection; required
---@field lagId? string dxlag-...
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field providerName? string partner that provides the last mile
---@field requestMACSec? boolean ask for ports that can do MACsec
---@field billingMode? dxconnect.RequestBillingMode how the port is billed

---@class dxconnect.CreateDirectConnectGatewayAssociationProposalRequest
---@field directConnectGatewayId string the Direct Connect gateway, in the form of a UUID; required
---@field directConnectGatewayOwnerAccount string account that owns the Direct Connect gateway; required
---@field gatewayId string virtual private gateway (vgw-...) or transit gateway (tgw-...); required
---@field addAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes to announce to the Direct Connect gateway
---@field removeAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes to announce no longer

---@class dxconnect.CreateDirectConnectGatewayAssociationProposalResult
---@field directConnectGatewayAssociationProposal? dxconnect.DirectConnectGatewayAssociationProposal the proposal

--- Exactly one of gatewayId or virtualGatewayId.
---@class dxconnect.CreateDirectConnectGatewayAssociationRequest
---@field directConnectGatewayId string the Direct Connect gateway, in the form of a UUID; required
---@field gatewayId? string virtual private gateway (vgw-...) or transit gateway (tgw-...)
---@field addAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes to announce to the Direct Connect gateway
---@field virtualGatewayId? string virtual private gateway, vgw-...; deprecated (use gatewayId)

---@class dxconnect.CreateDirectConnectGatewayAssociationResult
---@field directConnectGatewayAssociation? dxconnect.DirectConnectGatewayAssociation the association

---@class dxconnect.CreateDirectConnectGatewayRequest
---@field directConnectGatewayName string name of the Direct Connect gateway; required
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field amazonSideAsn? integer ASN of AWS's end; 64512 to 65534 or 4200000000 to 4294967294

---@class dxconnect.CreateDirectConnectGatewayResult
---@field directConnectGateway? dxconnect.DirectConnectGateway the Direct Connect gateway

---@class dxconnect.CreateInterconnectRequest
---@field interconnectName string name of the interconnect; required
---@field bandwidth string speed of the port: 1Gbps, 10Gbps, 100Gbps, 400Gbps; hosted connections from 50Mbps on; required
---@field location string code of the location; see describe_locations; required
---@field lagId? string dxlag-...
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field providerName? string partner that provides the last mile
---@field requestMACSec? boolean ask for ports that can do MACsec

---@class dxconnect.CreateLagRequest
---@field numberOfConnections integer ports in the LAG; required
---@field location string code of the location; see describe_locations; required
---@field connectionsBandwidth string speed of each port; required
---@field lagName string name of the LAG; required
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field childConnectionTags? dxconnect.Tag[] tags for the new ports of the LAG; 1 to 50 items
---@field providerName? string partner that provides the last mile
---@field requestMACSec? boolean ask for ports that can do MACsec
---@field billingMode? dxconnect.RequestBillingMode how the port is billed

---@class dxconnect.CreatePrivateVirtualInterfaceRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field newPrivateVirtualInterface dxconnect.NewPrivateVirtualInterface the interface to make; required

---@class dxconnect.CreatePublicVirtualInterfaceRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field newPublicVirtualInterface dxconnect.NewPublicVirtualInterface the interface to make; required

---@class dxconnect.CreateResiliencyGroupRequest
---@field resiliencyGroupName string name of the resiliency group; required; 1 to 255 characters
---@field intendedResiliencyModel dxconnect.ResiliencyModel the level of resiliency that the group is meant to have; required
---@field clientToken? string makes a repeat harmless; filled in where left out; 1 to 128 characters
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items

---@class dxconnect.CreateResiliencyGroupResult
---@field resiliencyGroup? dxconnect.ResiliencyGroup the resiliency group

---@class dxconnect.CreateTransitVirtualInterfaceRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field newTransitVirtualInterface dxconnect.NewTransitVirtualInterface the interface to make; required

---@class dxconnect.CreateTransitVirtualInterfaceResult
---@field virtualInterface? dxconnect.VirtualInterface the virtual interface

---@class dxconnect.CustomerAgreement
---@field agreementName? string name of the agreement; 0 to 100 characters
---@field status? string whether the agreement is confirmed; 0 to 30 characters

--- At most one of asn or asnLong.
--- At least one of bgpPeerId, asn with customerAddress or asnLong with customerAddress.
---@class dxconnect.DeleteBGPPeerRequest
---@field virtualInterfaceId? string dxvif-...
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field bgpPeerId? string dxpeer-...

---@class dxconnect.DeleteBGPPeerResponse
---@field virtualInterface? dxconnect.VirtualInterface the virtual interface

---@class dxconnect.DeleteConnectionRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required

---@class dxconnect.DeleteDirectConnectGatewayAssociationProposalRequest
---@field proposalId string the proposal; required

---@class dxconnect.DeleteDirectConnectGatewayAssociationProposalResult
---@field directConnectGatewayAssociationProposal? dxconnect.DirectConnectGatewayAssociationProposal the proposal

--- At least one of associationId or directConnectGatewayId with virtualGatewayId.
---@class dxconnect.DeleteDirectConnectGatewayAssociationRequest
---@field associationId? string the association of a gateway with a Direct Connect gateway
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field virtualGatewayId? string virtual private gateway, vgw-...; deprecated (use associationId)

---@class dxconnect.DeleteDirectConnectGatewayAssociationResult
---@field directConnectGatewayAssociation? dxconnect.DirectConnectGatewayAssociation the association

---@class dxconnect.DeleteDirectConnectGatewayRequest
---@field directConnectGatewayId string the Direct Connect gateway, in the form of a UUID; required

---@class dxconnect.DeleteDirectConnectGatewayResult
---@field directConnectGateway? dxconnect.DirectConnectGateway the Direct Connect gateway

---@class dxconnect.DeleteInterconnectRequest
---@field interconnectId string dxcon-...; required

---@class dxconnect.DeleteInterconnectResponse
---@field interconnectState? dxconnect.InterconnectState state of the interconnect

---@class dxconnect.DeleteLagRequest
---@field lagId string dxlag-...; required

---@class dxconnect.DeleteResiliencyGroupRequest
---@field resiliencyGroupId string dxrg-...; required; 22 characters

---@class dxconnect.DeleteResiliencyGroupResult
---@field resiliencyGroup? dxconnect.ResiliencyGroup the resiliency group

---@class dxconnect.DeleteVirtualInterfaceRequest
---@field virtualInterfaceId string dxvif-...; required

---@class dxconnect.DeleteVirtualInterfaceResponse
---@field virtualInterfaceState? dxconnect.VirtualInterfaceState state of the virtual interface

---@class dxconnect.DescribeConnectionLoaRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field providerName? string partner that provides the last mile
---@field loaContentType? dxconnect.LoaContentType kind of document; application/pdf

---@class dxconnect.DescribeConnectionLoaResponse
---@field loa? dxconnect.Loa the letter of authorization (LOA-CFA)

---@class dxconnect.DescribeConnectionsOnInterconnectRequest
---@field interconnectId string dxcon-...; required

---@class dxconnect.DescribeConnectionsRequest
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeCustomerMetadataResponse
---@field agreements? dxconnect.CustomerAgreement[] the agreements, and whether this account has confirmed them
---@field nniPartnerType? dxconnect.NniPartnerType what kind of partner the account is, if any

---@class dxconnect.DescribeDirectConnectGatewayAssociationProposalsRequest
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field proposalId? string the proposal
---@field associatedGatewayId? string the virtual private or transit gateway
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeDirectConnectGatewayAssociationProposalsResult
---@field directConnectGatewayAssociationProposals? dxconnect.DirectConnectGatewayAssociationProposal[] the proposals
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

--- At least one of associationId, associatedGatewayId, directConnectGatewayId or virtualGatewayId.
---@class dxconnect.DescribeDirectConnectGatewayAssociationsRequest
---@field associationId? string the association of a gateway with a Direct Connect gateway
---@field associatedGatewayId? string the virtual private or transit gateway
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you
---@field virtualGatewayId? string virtual private gateway, vgw-...; deprecated (use associatedGatewayId)

---@class dxconnect.DescribeDirectConnectGatewayAssociationsResult
---@field directConnectGatewayAssociations? dxconnect.DirectConnectGatewayAssociation[] the associations
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

--- At least one of directConnectGatewayId or virtualInterfaceId.
---@class dxconnect.DescribeDirectConnectGatewayAttachmentsRequest
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field virtualInterfaceId? string dxvif-...
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeDirectConnectGatewayAttachmentsResult
---@field directConnectGatewayAttachments? dxconnect.DirectConnectGatewayAttachment[] the attachments
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeDirectConnectGatewaysRequest
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeDirectConnectGatewaysResult
---@field directConnectGateways? dxconnect.DirectConnectGateway[] the Direct Connect gateways
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeHostedConnectionsRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeInterconnectLoaRequest
---@field interconnectId string dxcon-...; required
---@field providerName? string partner that provides the last mile
---@field loaContentType? dxconnect.LoaContentType kind of document; application/pdf

---@class dxconnect.DescribeInterconnectLoaResponse
---@field loa? dxconnect.Loa the letter of authorization (LOA-CFA)

---@class dxconnect.DescribeInterconnectsRequest
---@field interconnectId? string dxcon-...
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeLagsRequest
---@field lagId? string dxlag-...
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DescribeLoaRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field providerName? string partner that provides the last mile
---@field loaContentType? dxconnect.LoaContentType kind of document; application/pdf

---@class dxconnect.DescribeRouterConfigurationRequest
---@field virtualInterfaceId string dxvif-...; required
---@field routerTypeIdentifier? string kind of router, such as CiscoSystemsInc-2900SeriesRouters-IOS124

---@class dxconnect.DescribeRouterConfigurationResponse
---@field customerRouterConfig? string configuration of your router, as text; holds the BGP key; secret
---@field router? dxconnect.RouterType kind of router that the text is for
---@field virtualInterfaceId? string dxvif-...
---@field virtualInterfaceName? string name of the virtual interface

---@class dxconnect.DescribeTagsRequest
---@field resourceArns string[] ARNs of the resources; required

---@class dxconnect.DescribeTagsResponse
---@field resourceTags? dxconnect.ResourceTag[] the resources, each with its tags

---@class dxconnect.DescribeVirtualInterfacesRequest
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field virtualInterfaceId? string dxvif-...
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.DirectConnectGateway
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field directConnectGatewayName? string name of the Direct Connect gateway
---@field amazonSideAsn? integer ASN of AWS's end
---@field ownerAccount? string account that owns the gateway
---@field directConnectGatewayState? dxconnect.DirectConnectGatewayState state of the Direct Connect gateway
---@field stateChangeError? string why it is stuck in its state, where it is
---@field totalPrefixPoolAllocations? integer prefixes that interfaces of this gateway have taken from pools; at least 0
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item

---@class dxconnect.DirectConnectGatewayAssociation
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field directConnectGatewayOwnerAccount? string account that owns the Direct Connect gateway
---@field associationState? dxconnect.DirectConnectGatewayAssociationState state of the association
---@field stateChangeError? string why it is stuck in its state, where it is
---@field associatedGateway? dxconnect.AssociatedGateway the virtual private or transit gateway that is joined
---@field associationId? string the association of a gateway with a Direct Connect gateway
---@field allowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes that are announced to the Direct Connect gateway
---@field associatedCoreNetwork? dxconnect.AssociatedCoreNetwork the Cloud WAN core network that the gateway joins
---@field virtualGatewayId? string virtual private gateway, vgw-...; deprecated (use associatedGateway)
---@field virtualGatewayRegion? string region of the virtual private gateway; deprecated
---@field virtualGatewayOwnerAccount? string account that owns the virtual private gateway

---@class dxconnect.DirectConnectGatewayAssociationProposal
---@field proposalId? string the proposal
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field directConnectGatewayOwnerAccount? string account that owns the Direct Connect gateway
---@field proposalState? dxconnect.DirectConnectGatewayAssociationProposalState state of the proposal
---@field associatedGateway? dxconnect.AssociatedGateway the virtual private or transit gateway that is joined
---@field existingAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes that are announced now
---@field requestedAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes that the proposal asks for

---@alias dxconnect.DirectConnectGatewayAssociationProposalState "requested"|"accepted"|"deleted"|string

---@alias dxconnect.DirectConnectGatewayAssociationState "associating"|"associated"|"disassociating"|"disassociated"|"updating"|string

---@class dxconnect.DirectConnectGatewayAttachment
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field virtualInterfaceId? string dxvif-...
---@field virtualInterfaceRegion? string region of the virtual interface
---@field virtualInterfaceOwnerAccount? string account that owns the virtual interface
---@field attachmentState? dxconnect.DirectConnectGatewayAttachmentState state of the attachment
---@field attachmentType? dxconnect.DirectConnectGatewayAttachmentType what kind of interface is attached
---@field stateChangeError? string why it is stuck in its state, where it is

---@alias dxconnect.DirectConnectGatewayAttachmentState "attaching"|"attached"|"detaching"|"detached"|string

---@alias dxconnect.DirectConnectGatewayAttachmentType "TransitVirtualInterface"|"PrivateVirtualInterface"|string

---@alias dxconnect.DirectConnectGatewayState "pending"|"available"|"deleting"|"deleted"|string

---@class dxconnect.DisassociateConnectionFromLagRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field lagId string dxlag-...; required

---@class dxconnect.DisassociateConnectionsFromResiliencyGroupRequest
---@field connectionIdentifiers string[] connections, by id or ARN; required; 1 to 50 items
---@field resiliencyGroupId string dxrg-...; required; 22 characters
---@field clientToken? string makes a repeat harmless; filled in where left out; 1 to 128 characters

---@class dxconnect.DisassociateConnectionsFromResiliencyGroupResult
---@field resiliencyGroupAssociations? dxconnect.ResiliencyGroupAssociation[] the connections of the group, with their states

---@class dxconnect.DisassociateMacSecKeyRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field secretARN string secret of AWS Secrets Manager that an earlier association made; required

---@class dxconnect.DisassociateMacSecKeyResponse
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field macSecKeys? dxconnect.MacSecKey[] MACsec keys of the port

---@alias dxconnect.GatewayType "virtualPrivateGateway"|"transitGateway"|string

---@class dxconnect.GetResiliencyGroupRequest
---@field resiliencyGroupId string dxrg-...; required; 22 characters

---@class dxconnect.GetResiliencyGroupResult
---@field resiliencyGroup? dxconnect.ResiliencyGroup the resiliency group

---@alias dxconnect.HasLogicalRedundancy "unknown"|"yes"|"no"|string

---@class dxconnect.Interconnect
---@field interconnectId? string dxcon-...
---@field interconnectName? string name of the interconnect
---@field interconnectState? dxconnect.InterconnectState state of the interconnect
---@field region? string region that it is in
---@field location? string code of the location; see describe_locations
---@field bandwidth? string speed of the port: 1Gbps, 10Gbps, 100Gbps, 400Gbps; hosted connections from 50Mbps on
---@field loaIssueTime? number when a letter of authorization was last fetched
---@field lagId? string dxlag-...
---@field awsDevice? string older name of the device that the port ends on; deprecated (use awsDeviceV2)
---@field jumboFrameCapable? boolean whether frames of 8500 or 9001 bytes can pass
---@field awsDeviceV2? string the physical device that the port ends on
---@field awsLogicalDeviceId? string the logical device that the port ends on
---@field hasLogicalRedundancy? dxconnect.HasLogicalRedundancy whether a second BGP peer can end on another device
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item
---@field providerName? string partner that provides the last mile
---@field macSecCapable? boolean whether the port can do MACsec
---@field portEncryptionStatus? string Encryption Up or Encryption Down, by MACsec
---@field encryptionMode? string no_encrypt, should_encrypt or must_encrypt
---@field macSecKeys? dxconnect.MacSecKey[] MACsec keys of the port

---@alias dxconnect.InterconnectState "requested"|"pending"|"available"|"down"|"deleting"|"deleted"|"unknown"|string

---@class dxconnect.Interconnects
---@field interconnects? dxconnect.Interconnect[] the interconnects
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.Lag
---@field connectionsBandwidth? string speed of each port
---@field numberOfConnections? integer ports in the LAG
---@field lagId? string dxlag-...
---@field ownerAccount? string account that owns the LAG
---@field lagName? string name of the LAG
---@field lagState? dxconnect.LagState state of the LAG
---@field location? string code of the location; see describe_locations
---@field region? string region that it is in
---@field minimumLinks? integer the LAG counts as down with fewer working links
---@field awsDevice? string older name of the device that the port ends on; deprecated (use awsDeviceV2)
---@field awsDeviceV2? string the physical device that the port ends on
---@field awsLogicalDeviceId? string the logical device that the port ends on
---@field connections? dxconnect.Connection[] the ports in the LAG
---@field allowsHostedConnections? boolean whether the LAG can carry hosted connections
---@field jumboFrameCapable? boolean whether frames of 8500 or 9001 bytes can pass
---@field hasLogicalRedundancy? dxconnect.HasLogicalRedundancy whether a second BGP peer can end on another device
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item
---@field providerName? string partner that provides the last mile
---@field macSecCapable? boolean whether the port can do MACsec
---@field encryptionMode? string no_encrypt, should_encrypt or must_encrypt
---@field macSecKeys? dxconnect.MacSecKey[] MACsec keys of the port
---@field prefixPoolSizeIpv4? integer IPv4 prefixes in the port's pool; at least 0
---@field prefixPoolSizeIpv6? integer IPv6 prefixes in the port's pool; at least 0
---@field prefixPoolUnallocatedCountIpv4? integer IPv4 prefixes of the pool that no interface has taken; at least 0
---@field prefixPoolUnallocatedCountIpv6? integer IPv6 prefixes of the pool that no interface has taken; at least 0
---@field rateLimiterStatus? dxconnect.RateLimiterStatus rate limiters of the port: how many it has, and how much they limit
---@field billingMode? dxconnect.BillingMode how the port is billed

---@alias dxconnect.LagState "requested"|"pending"|"available"|"down"|"deleting"|"deleted"|"unknown"|string

---@class dxconnect.Lags
---@field lags? dxconnect.Lag[] the LAGs
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListResiliencyGroupAssociationsRequest
---@field resiliencyGroupId string dxrg-...; required; 22 characters
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListResiliencyGroupAssociationsResult
---@field items? dxconnect.ResiliencyGroupAssociation[] connections of the group, of this page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListResiliencyGroupsRequest
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListResiliencyGroupsResult
---@field items? dxconnect.ResiliencyGroupSummary[] the groups of this page, in short
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListVirtualInterfaceRoutesRequest
---@field virtualInterfaceId? string dxvif-...
---@field filters? dxconnect.RouteFilters which routes to show
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListVirtualInterfaceRoutesResponse
---@field virtualInterfaceId? string dxvif-...
---@field routes? dxconnect.Route[] the routes
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListVirtualInterfaceTestHistoryRequest
---@field testId? string the failover test
---@field virtualInterfaceId? string dxvif-...
---@field bgpPeers? string[] only tests of these BGP peers
---@field status? string only tests in this state
---@field maxResults? integer at most so many in one page
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ListVirtualInterfaceTestHistoryResponse
---@field virtualInterfaceTestHistory? dxconnect.VirtualInterfaceTestHistory[] the failover tests, the running one too
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.Loa
---@field loaContent? string the document's bytes
---@field loaContentType? dxconnect.LoaContentType kind of document; application/pdf

---@alias dxconnect.LoaContentType "application/pdf"|string

---@class dxconnect.Location
---@field locationCode? string code of the location, as other calls take it
---@field locationName? string name of the location, with its address or campus
---@field region? string region that it is in
---@field availablePortSpeeds? string[] speeds of ports that can be ordered
---@field availableProviders? string[] partners that provide the last mile
---@field availableMacSecPortSpeeds? string[] speeds at which ports here can do MACsec
---@field availableBillingModes? dxconnect.AvailableBillingMode[] ways of billing that the location offers, with their speeds

---@class dxconnect.Locations
---@field locations? dxconnect.Location[] the locations

---@class dxconnect.MacSecKey
---@field secretARN? string secret of AWS Secrets Manager that holds the key
---@field ckn? string the key's name
---@field state? string state of the key: associating, associated, disassociating, disassociated
---@field startOn? string when the key takes effect, as text

--- At most one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
---@class dxconnect.NewBGPPeer
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field customerAddress? string address of your end, with prefix length; assigned where left out

--- At most one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
--- Exactly one of virtualGatewayId or directConnectGatewayId.
---@class dxconnect.NewPrivateVirtualInterface
---@field virtualInterfaceName string name of the virtual interface; required
---@field vlan integer tag of the virtual LAN, unused so far on that connection; required; 1 to 4094
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field mtu? integer largest frame: 1500, or 8500 for jumbo frames; 1500 or 8500
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field virtualGatewayId? string virtual private gateway, vgw-...
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field enableSiteLink? boolean let sites reach each other past any region
---@field prefixPoolAllocatedCountIpv4? integer IPv4 prefixes taken from the port's pool for this interface; at least 0
---@field prefixPoolAllocatedCountIpv6? integer IPv6 prefixes taken from the port's pool for this interface; at least 0
---@field rateLimit? string limit of the interface's bandwidth

--- At most one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
---@class dxconnect.NewPrivateVirtualInterfaceAllocation
---@field virtualInterfaceName string name of the virtual interface; required
---@field vlan integer tag of the virtual LAN, unused so far on that connection; required; 1 to 4094
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field mtu? integer largest frame: 1500, or 8500 for jumbo frames; 1500 or 8500
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field rateLimit? string limit of the interface's bandwidth

--- At most one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
--- With addressFamily ipv4: needed: amazonAddress, customerAddress, routeFilterPrefixes.
---@class dxconnect.NewPublicVirtualInterface
---@field virtualInterfaceName string name of the virtual interface; required
---@field vlan integer tag of the virtual LAN, unused so far on that connection; required; 1 to 4094
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field routeFilterPrefixes? dxconnect.RouteFilterPrefix[] public prefixes that you announce
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field rateLimit? string limit of the interface's bandwidth

--- At most one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
--- With addressFamily ipv4: needed: amazonAddress, customerAddress, routeFilterPrefixes.
---@class dxconnect.NewPublicVirtualInterfaceAllocation
---@field virtualInterfaceName string name of the virtual interface; required
---@field vlan integer tag of the virtual LAN, unused so far on that connection; required; 1 to 4094
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field routeFilterPrefixes? dxconnect.RouteFilterPrefix[] public prefixes that you announce
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field rateLimit? string limit of the interface's bandwidth

--- Needed: virtualInterfaceName, vlan, directConnectGatewayId.
--- Exactly one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
---@class dxconnect.NewTransitVirtualInterface
---@field virtualInterfaceName? string name of the virtual interface
---@field vlan? integer tag of the virtual LAN, unused so far on that connection; 1 to 4094
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field mtu? integer largest frame: 1500, or 8500 for jumbo frames; 1500 or 8500
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field enableSiteLink? boolean let sites reach each other past any region
---@field prefixPoolAllocatedCountIpv4? integer IPv4 prefixes taken from the port's pool for this interface; at least 0
---@field prefixPoolAllocatedCountIpv6? integer IPv6 prefixes taken from the port's pool for this interface; at least 0
---@field rateLimit? string limit of the interface's bandwidth

--- Needed: virtualInterfaceName, vlan.
--- Exactly one of asn or asnLong.
--- With addressFamily ipv6: not taken: amazonAddress, customerAddress.
---@class dxconnect.NewTransitVirtualInterfaceAllocation
---@field virtualInterfaceName? string name of the virtual interface
---@field vlan? integer tag of the virtual LAN, unused so far on that connection; 1 to 4094
---@field asn? integer your BGP AS number; 1 to 2147483646
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn; 1 to 4294967294
---@field mtu? integer largest frame: 1500, or 8500 for jumbo frames; 1500 or 8500
---@field authKey? string|dxconnect.Secret MD5 key of the BGP session; made by the service where left out; 6 to 80 characters; secret
---@field amazonAddress? string address of AWS's end, with prefix length; assigned where left out
---@field customerAddress? string address of your end, with prefix length; assigned where left out
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; 1 to 50 items
---@field rateLimit? string limit of the interface's bandwidth

---@alias dxconnect.NniPartnerType "v1"|"v2"|"nonPartner"|string

---@class dxconnect.RateLimiterStatus
---@field maxAllowed? integer rate limiters that the port can have
---@field inUse? integer rate limiters in use
---@field remaining? integer rate limiters that are left
---@field totalBandwidth? string bandwidth of all rate limiters together

---@alias dxconnect.RequestBillingMode "PayAsYouGo"|"FlatRateTier1"|"FlatRateTier2"|"FlatRateTier3"|"FlatRateTier4"|"FlatRateTier5"|string

---@class dxconnect.ResiliencyGroup
---@field resiliencyGroupId? string dxrg-...; 22 characters
---@field resiliencyGroupArn? string ARN of the resiliency group; 1 to 1024 characters
---@field resiliencyGroupName? string name of the resiliency group; 1 to 255 characters
---@field resiliencyGroupType? dxconnect.ResiliencyGroupType who manages the group; Managed
---@field ownerAccount? string account that is to own it
---@field state? dxconnect.ResiliencyGroupState state of the group
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item

---@class dxconnect.ResiliencyGroupAssociation
---@field resiliencyGroupId? string dxrg-...; 22 characters
---@field connectionArn? string ARN of the connection or LAG; 1 to 1024 characters
---@field state? dxconnect.ResiliencyGroupAssociationState state of the connection in the group

---@alias dxconnect.ResiliencyGroupAssociationState "associating"|"associated"|"disassociating"|"disassociated"|string

---@alias dxconnect.ResiliencyGroupState "pending"|"available"|"deleting"|"deleted"|string

---@class dxconnect.ResiliencyGroupSummary
---@field resiliencyGroupId? string dxrg-...; 22 characters
---@field resiliencyGroupArn? string ARN of the resiliency group; 1 to 1024 characters
---@field resiliencyGroupName? string name of the resiliency group; 1 to 255 characters
---@field resiliencyGroupType? dxconnect.ResiliencyGroupType who manages the group; Managed
---@field ownerAccount? string account that is to own it
---@field state? dxconnect.ResiliencyGroupState state of the group

---@alias dxconnect.ResiliencyGroupType "Managed"|string

---@alias dxconnect.ResiliencyModel "maximum-resiliency"|"high-resiliency"|"basic-resiliency"|string

---@class dxconnect.ResourceTag
---@field resourceArn? string ARN of a connection, LAG, interconnect, virtual interface, gateway or resiliency group
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item

---@class dxconnect.Route
---@field cidr? string prefix in CIDR form
---@field routeDirection? dxconnect.RouteDirection routes accepted from you, or advertised to you
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field asPath? dxconnect.AsPathSegment[] AS numbers that the path must hold
---@field communities? string[] BGP communities
---@field awsLogicalDeviceId? string the logical device that the port ends on
---@field routeInstalledAt? number when the route was taken in

---@alias dxconnect.RouteDirection "accepted"|"advertised"|string

---@class dxconnect.RouteFilterPrefix
---@field cidr? string prefix in CIDR form

---@class dxconnect.RouteFilters
---@field routeDirection? dxconnect.RouteDirection routes accepted from you, or advertised to you
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field cidrs? string[] prefixes in CIDR form; 1 to 10 items
---@field asPath? integer[] AS numbers that the path must hold
---@field communities? string[] BGP communities

---@class dxconnect.RouterType
---@field vendor? string maker of the router
---@field platform? string series of the router
---@field software? string operating system of the router
---@field xsltTemplateName? string template that makes the text
---@field xsltTemplateNameForMacSec? string template that makes it for a port with MACsec
---@field routerTypeIdentifier? string kind of router, such as CiscoSystemsInc-2900SeriesRouters-IOS124

---@class dxconnect.StartBgpFailoverTestRequest
---@field virtualInterfaceId string dxvif-...; required
---@field bgpPeers? string[] BGP sessions; all of the interface where left out
---@field testDurationInMinutes? integer 180 where left out; 1 to 4320

---@class dxconnect.StartBgpFailoverTestResponse
---@field virtualInterfaceTest? dxconnect.VirtualInterfaceTestHistory the failover test

---@class dxconnect.StopBgpFailoverTestRequest
---@field virtualInterfaceId string the interface whose test is to stop; required

---@class dxconnect.StopBgpFailoverTestResponse
---@field virtualInterfaceTest? dxconnect.VirtualInterfaceTestHistory the failover test

---@class dxconnect.Tag
---@field key? string key of the tag; 1 to 128 characters
---@field value? string value of the tag; 0 to 256 characters

---@class dxconnect.TagResourceRequest
---@field resourceArn string ARN of a connection, LAG, interconnect, virtual interface, gateway or resiliency group; required
---@field tags dxconnect.Tag[] list of {key = ..., value = ...}; required; 1 to 50 items

---@class dxconnect.TagResourceResponse

---@class dxconnect.UntagResourceRequest
---@field resourceArn string ARN of a connection, LAG, interconnect, virtual interface, gateway or resiliency group; required
---@field tagKeys string[] keys of the tags; required

---@class dxconnect.UntagResourceResponse

---@class dxconnect.UpdateConnectionRequest
---@field connectionId string dxcon-..., and where a LAG serves as well dxlag-...; required
---@field connectionName? string name of the connection
---@field encryptionMode? string no_encrypt, should_encrypt or must_encrypt

---@class dxconnect.UpdateConnectionsBillingModeRequest
---@field connectionIds string[] connections; required; 1 to 200 items
---@field billingMode dxconnect.RequestBillingMode how the port is billed; required

---@class dxconnect.UpdateConnectionsBillingModeResponse
---@field billingMode? dxconnect.BillingMode how the port is billed
---@field connections? dxconnect.Connection[] the connections

---@class dxconnect.UpdateDirectConnectGatewayAssociationRequest
---@field associationId? string the association of a gateway with a Direct Connect gateway
---@field addAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes to announce to the Direct Connect gateway
---@field removeAllowedPrefixesToDirectConnectGateway? dxconnect.RouteFilterPrefix[] prefixes to announce no longer

---@class dxconnect.UpdateDirectConnectGatewayAssociationResult
---@field directConnectGatewayAssociation? dxconnect.DirectConnectGatewayAssociation the association

---@class dxconnect.UpdateDirectConnectGatewayRequest
---@field directConnectGatewayId string the Direct Connect gateway, in the form of a UUID; required
---@field newDirectConnectGatewayName string the new name; required

---@class dxconnect.UpdateDirectConnectGatewayResponse
---@field directConnectGateway? dxconnect.DirectConnectGateway the Direct Connect gateway

---@class dxconnect.UpdateLagRequest
---@field lagId string dxlag-...; required
---@field lagName? string name of the LAG
---@field minimumLinks? integer the LAG counts as down with fewer working links
---@field encryptionMode? string no_encrypt, should_encrypt or must_encrypt

---@class dxconnect.UpdateResiliencyGroupRequest
---@field resiliencyGroupId string dxrg-...; required; 22 characters
---@field resiliencyGroupName string name of the resiliency group; required; 1 to 255 characters
---@field clientToken? string makes a repeat harmless; filled in where left out; 1 to 128 characters

---@class dxconnect.UpdateResiliencyGroupResult
---@field resiliencyGroup? dxconnect.ResiliencyGroup the resiliency group

---@class dxconnect.UpdateVirtualInterfaceAttributesRequest
---@field virtualInterfaceId string dxvif-...; required
---@field mtu? integer largest frame: 1500, or 8500 for jumbo frames; 1500 or 8500
---@field enableSiteLink? boolean let sites reach each other past any region
---@field virtualInterfaceName? string name of the virtual interface
---@field prefixPoolAllocatedCountIpv4? integer IPv4 prefixes taken from the port's pool for this interface; at least 0
---@field prefixPoolAllocatedCountIpv6? integer IPv6 prefixes taken from the port's pool for this interface; at least 0
---@field rateLimit? string limit of the interface's bandwidth

---@class dxconnect.VirtualGateway
---@field virtualGatewayId? string virtual private gateway, vgw-...
---@field virtualGatewayState? string state of the virtual private gateway

---@class dxconnect.VirtualGateways
---@field virtualGateways? dxconnect.VirtualGateway[] the virtual private gateways

---@class dxconnect.VirtualInterface
---@field ownerAccount? string account that owns the interface
---@field virtualInterfaceId? string dxvif-...
---@field location? string code of the location; see describe_locations
---@field connectionId? string dxcon-..., and where a LAG serves as well dxlag-...
---@field virtualInterfaceType? string private, public or transit
---@field virtualInterfaceName? string name of the virtual interface
---@field vlan? integer tag of the virtual LAN
---@field asn? integer your BGP AS number
---@field asnLong? integer your BGP AS number, 32 bits of it; instead of asn
---@field amazonSideAsn? integer ASN of AWS's end
---@field authKey? string MD5 key of the BGP session; secret
---@field amazonAddress? string address of AWS's end, with prefix length
---@field customerAddress? string address of your end, with prefix length
---@field addressFamily? dxconnect.AddressFamily IP version of the BGP session
---@field virtualInterfaceState? dxconnect.VirtualInterfaceState state of the virtual interface
---@field customerRouterConfig? string configuration of your router, as text; holds the BGP key; secret
---@field mtu? integer largest frame: 1500, or 8500 for jumbo frames
---@field jumboFrameCapable? boolean whether frames of 8500 or 9001 bytes can pass
---@field virtualGatewayId? string virtual private gateway, vgw-...
---@field directConnectGatewayId? string the Direct Connect gateway, in the form of a UUID
---@field routeFilterPrefixes? dxconnect.RouteFilterPrefix[] public prefixes that you announce
---@field bgpPeers? dxconnect.BGPPeer[] the BGP peers of the interface
---@field region? string region that it is in
---@field awsDeviceV2? string the physical device that the port ends on
---@field awsLogicalDeviceId? string the logical device that the port ends on
---@field tags? dxconnect.Tag[] list of {key = ..., value = ...}; at least 1 item
---@field siteLinkEnabled? boolean whether sites reach each other past any region
---@field prefixPoolAllocatedCountIpv4? integer IPv4 prefixes taken from the port's pool for this interface; at least 0
---@field prefixPoolAllocatedCountIpv6? integer IPv6 prefixes taken from the port's pool for this interface; at least 0
---@field rateLimit? string limit of the interface's bandwidth

---@alias dxconnect.VirtualInterfaceState "confirming"|"verifying"|"pending"|"available"|"down"|"testing"|"deleting"|"deleted"|"rejected"|"unknown"|string

---@class dxconnect.VirtualInterfaceTestHistory
---@field testId? string the failover test
---@field virtualInterfaceId? string dxvif-...
---@field bgpPeers? string[] BGP peers that the test takes down
---@field status? string state of the test
---@field ownerAccount? string account that owns the interface
---@field testDurationInMinutes? integer how long the test lasts
---@field startTime? number when it began
---@field endTime? number when it ended

---@class dxconnect.VirtualInterfaces
---@field virtualInterfaces? dxconnect.VirtualInterface[] the virtual interfaces
---@field nextToken? string where the last page ended; client:pages and client:items do this for you

---@class dxconnect.ClientOptions
---@field region? string region of the endpoint and of the signature
---@field profile? string profile of the shared files; as an option it goes before keys in the environment
---@field credentials? dxconnect.Credentials|fun(): dxconnect.Credentials?, string? {access_key_id, secret_access_key, session_token, expiration, account_id}, or a function giving one
---@field role_arn? string a role to assume with what the rest of the chain gives
---@field external_id? string what the role's owner asks of those who assume it
---@field role_session_name? string name of the role's session
---@field duration_seconds? integer how long the role's credentials last
---@field endpoint_url? string where calls go instead of the region's endpoint; in the environment and in profiles also for one service
---@field ignore_configured_endpoint_urls? boolean take no endpoint URL from environment and profile
---@field use_fips_endpoint? boolean use the FIPS endpoints
---@field use_dualstack_endpoint? boolean use the endpoints that speak IPv4 and IPv6
---@field max_attempts? integer attempts of one call, the first included
---@field retry_mode? string adaptive also keeps to the rate that the service allows
---@field defaults_mode? string decides the default of connect_timeout
---@field connect_timeout? number until the connection, TLS included, stands; the default follows from defaults_mode
---@field timeout? number limit of one attempt, connection and whole answer included
---@field total_timeout? number limit of a whole call, retries and their pauses included; none by default
---@field disable_clock_skew_correction? boolean sign by this machine's clock alone, instead of learning the service's from its answers
---@field ca_bundle? string file of the certificates to trust instead of the system's
---@field proxy? string HTTP proxy; from the environment for https endpoints only
---@field no_proxy? string hosts with their subdomains, addresses and networks, by commas: reached without the proxy
---@field sdk_ua_app_id? string name of the application, for the user agent
---@field config_file? string the shared config file
---@field shared_credentials_file? string the shared credentials file
---@field mfa_prompt? fun(serial: string): string function(serial) that returns the code of an MFA device, for profiles with mfa_serial
---@field logger? fun(event: dxconnect.Event) function(event), told of every attempt, retry, pause and renewal of credentials
---@field confirm? fun(operation: string, label: string, params: table): boolean? function(operation, label, params), asked before what interrupts traffic or bills
---@field transport? "curl"|"resty"|dxconnect.Transport|dxconnect.Tape|dxconnect.Stub what carries requests: curl, resty (by itself where it is OpenResty), that of an emulator, or a function
---@field system? dxconnect.System replacements for parts of the outside world

---@class dxconnect.CallOptions
---@field region? string region of the endpoint and of the signature
---@field endpoint_url? string where calls go instead of the region's endpoint; in the environment and in profiles also for one service
---@field use_fips_endpoint? boolean use the FIPS endpoints
---@field use_dualstack_endpoint? boolean use the endpoints that speak IPv4 and IPv6
---@field max_attempts? integer attempts of one call, the first included
---@field connect_timeout? number until the connection, TLS included, stands; the default follows from defaults_mode
---@field timeout? number limit of one attempt, connection and whole answer included
---@field total_timeout? number limit of a whole call, retries and their pauses included; none by default
---@field logger? fun(event: dxconnect.Event) function(event), told of every attempt, retry, pause and renewal of credentials
---@field confirm? fun(operation: string, label: string, params: table): boolean? function(operation, label, params), asked before what interrupts traffic or bills
---@field headers? table<string, string> further headers of the request
---@field unmodeled? boolean send operations and members that the model does not know

---@class dxconnect.Error An error, returned as the second value; prints as one line, and can be joined to text.
---@field kind "params"|"config"|"credentials"|"transport"|"service"|"response"|"waiter"
---@field code dxconnect.ErrorCode|string
---@field message string
---@field operation? string
---@field status? integer
---@field request_id? string
---@field attempts? integer
---@field retryable? boolean
---@field throttling? boolean
---@field maybe_applied? boolean
---@field reason? string
---@field hint? string
---@field problems? dxconnect.Problem[]
---@field choices? dxconnect.RouterType[]
---@field cause? dxconnect.Error

---@class dxconnect.Problem One thing that is wrong with parameters.
---@field path string the member, such as tags[2].key
---@field message string

---@class dxconnect.Meta What is known of a call besides its result.
---@field request_id? string
---@field status? integer
---@field attempts integer
---@field elapsed number
---@field headers table<string, string>
---@field found? boolean

---@class dxconnect.Secret A value in locked memory, wiped when it is no longer used; prints as <secret>.
local Secret = {}

--- The value.
---@return string
function Secret:reveal() end

--- Wipes the value now.
function Secret:close() end

---@class dxconnect.Credentials
---@field access_key_id string
---@field secret_access_key string|dxconnect.Secret
---@field session_token? string|dxconnect.Secret
---@field expiration? number Unix seconds
---@field account_id? string
---@field source? string where they came from

---@class dxconnect.Request An HTTP request.
---@field method string
---@field url string
---@field headers table<string, string>
---@field body string
---@field connect_timeout? number seconds
---@field timeout? number seconds

---@class dxconnect.Response An HTTP answer; names of headers in lower case.
---@field status integer
---@field headers table<string, string>
---@field body string

---@alias dxconnect.Transport fun(request: dxconnect.Request): dxconnect.Response?, string?, "connect"|"tls"|"timeout"|"reset"|nil

---@class dxconnect.System Replacements for parts of the outside world.
---@field getenv? fun(name: string): string?
---@field clock? fun(): number Unix seconds, with fraction
---@field monotonic? fun(): number seconds, for durations
---@field sleep? fun(seconds: number)
---@field random? fun(): number from 0 up to, but not, 1
---@field read_file? fun(path: string): string?, string?
---@field write_file? fun(path: string, content: string): boolean?, string?
---@field run? fun(command: string): string?, string?

---@class dxconnect.Event What a logger is told.
---@field type "attempt"|"retry"|"wait"|"credentials"
---@field operation? string
---@field attempt? integer
---@field status? integer
---@field code? string
---@field delay? number
---@field elapsed? number
---@field request_id? string

---@class dxconnect.Setting
---@field value any
---@field origin string option, the variable's name, or profile and file

---@class dxconnect.RpcRequest A call to a JSON RPC service.
---@field service string
---@field target string
---@field params? table
---@field version? string "1.1" unless told
---@field headers? table<string, string>

---@class dxconnect.ServiceRequest Any other call to a service.
---@field service string
---@field method? string
---@field url? string
---@field path? string escaped already
---@field query? table<string, string>
---@field headers? table<string, string>
---@field body? string

---@class dxconnect.SendOptions: dxconnect.CallOptions
---@field repeatable? boolean whether sending it twice does no harm

---@class dxconnect.SignOptions
---@field region string
---@field service string
---@field credentials dxconnect.Credentials
---@field clock? fun(): number

---@class dxconnect.Outcome One of results; either member is there.
---@field result? any
---@field error? dxconnect.Error|any

---@class dxconnect.BatchOptions
---@field concurrency? integer calls in flight, 16 unless told
---@field stop_on_error? boolean
---@field on_progress? fun(done: integer, total: integer, item: dxconnect.Outcome)

---@class dxconnect.WaitOptions: dxconnect.CallOptions
---@field delay? number seconds between polls
---@field timeout? number seconds in all
---@field on_poll? fun(resource: table, state: string, elapsed: number)

---@class dxconnect.Waiter
---@field operation string
---@field delay number seconds
---@field timeout number seconds

---@class dxconnect.CreateOnceOptions: dxconnect.CallOptions
---@field token? string what this creation is called, in every run

---@class dxconnect.RotateOptions
---@field configure? fun(ckn: string, cak: dxconnect.Secret|string|nil, port: table): boolean?, string?
---@field require_encryption_up? boolean by default only under must_encrypt
---@field dry_run? boolean
---@field timeout? number seconds
---@field delay? number seconds
---@field on_poll? fun(resource: table, state: string, elapsed: number)

---@class dxconnect.RotateParams
---@field connectionId string of a connection, LAG or interconnect
---@field secretARN? string
---@field ckn? string
---@field cak? string|dxconnect.Secret

---@class dxconnect.MacSecKeyPair
---@field ckn string
---@field cak dxconnect.Secret

---@class dxconnect.AuditedPort
---@field client? string
---@field account? string
---@field region? string
---@field connectionId? string
---@field lagId? string
---@field interconnectId? string
---@field encryptionMode? string
---@field portEncryptionStatus? string
---@field macSecKeys? dxconnect.MacSecKey[]
---@field problems? ("no key"|"stuck"|"down"|"one key")[]
---@field error? dxconnect.Error

---@class dxconnect.RotateAllOptions
---@field older_than? number seconds
---@field ports? string[] ids
---@field configure? fun(ckn: string, cak: dxconnect.Secret|string|nil, port: table): boolean?, string?
---@field dry_run? boolean
---@field on_progress? fun(done: integer, total: integer, entry: table)
---@field timeout? number seconds for a port
---@field check_secrets? boolean

---@class dxconnect.RotateAllReport
---@field done table[]
---@field failed table[]
---@field skipped table[]
---@field warnings table[]

---@class dxconnect.SaveOptions: dxconnect.CallOptions
---@field overwrite? boolean
---@field provider_name? string of save_loa
---@field router? string of save_router_configuration: an identifier, or words of vendor and platform

---@class dxconnect.SavedFile
---@field path string
---@field bytes integer
---@field type string

---@class dxconnect.FailoverParams
---@field virtualInterfaceId string
---@field bgpPeers? string[]
---@field testDurationInMinutes? integer

---@class dxconnect.FailoverOptions: dxconnect.CallOptions
---@field require_backup? boolean true unless told
---@field abort_if? fun(state: {interface: table, backup: table?, elapsed: number}): boolean?
---@field on_poll? fun(state: {interface: table, backup: table?, elapsed: number})
---@field dry_run? boolean
---@field delay? number seconds

---@class dxconnect.FailoverReport
---@field test? dxconnect.VirtualInterfaceTestHistory
---@field actions string[]
---@field before table
---@field during? table
---@field after? table
---@field restored? boolean
---@field aborted? boolean

---@class dxconnect.TextOptions
---@field columns? string[] members or paths
---@field width? integer of a table
---@field reveal? boolean show secrets

---@class dxconnect.JsonOptions
---@field pretty? boolean
---@field reveal? boolean show secrets

---@alias dxconnect.ResourceKind "connection"|"interconnect"|"lag"|"virtual_interface"|"bgp_peer"|"mac_sec_key"|"gateway"|"virtual_private_gateway"|"transit_gateway"|"core_network"|"resiliency_group"|"location"

---@alias dxconnect.LinkKind "at"|"member"|"hosted_on"|"on"|"peer"|"key"|"attached"|"associated"|"grouped"

---@alias dxconnect.ResiliencyLevel "maximum"|"high"|"basic"|"none"|"unknown"

---@class dxconnect.Resource
---@field kind dxconnect.ResourceKind
---@field id string
---@field name? string
---@field state? string
---@field client? string
---@field account? string
---@field region? string
---@field tags table<string, string>
---@field data? table the service's own table
---@field placeholder? boolean named by others, but not seen
---@field routes? dxconnect.Route[]

---@class dxconnect.Link
---@field from string
---@field to string
---@field kind dxconnect.LinkKind
---@field state? string

---@class dxconnect.Change
---@field change "added"|"removed"|"changed"
---@field kind dxconnect.ResourceKind
---@field id string
---@field name? string
---@field path? string
---@field before? any
---@field after? any

---@class dxconnect.Finding
---@field severity "critical"|"warning"|"note"
---@field rule string
---@field id? string
---@field message string
---@field hint? string

---@class dxconnect.Rule
---@field name string
---@field severity "critical"|"warning"|"note"
---@field words string
---@field find fun(inventory: dxconnect.Inventory, context: table): dxconnect.Finding[]

---@class dxconnect.Unread What could not be read.
---@field client string
---@field region string
---@field operation string
---@field error dxconnect.Error

---@class dxconnect.InventoryOptions
---@field clients dxconnect.Client|dxconnect.Client[]|table<string, dxconnect.Client>
---@field regions? string[]
---@field concurrency? integer
---@field routes? boolean
---@field locations? boolean

---@class dxconnect.WatchOptions: dxconnect.InventoryOptions
---@field interval? number seconds, 30 unless told
---@field on_change? fun(change: dxconnect.Change, inventory: dxconnect.Inventory, watch: dxconnect.Watch)
---@field on_error? fun(entry: dxconnect.Unread, watch: dxconnect.Watch)
---@field kinds? dxconnect.ResourceKind[]
---@field shared_dict? string

---@class dxconnect.Filter
---@field kind? any
---@field state? any
---@field client? any
---@field region? any
---@field account? any
---@field name? any
---@field id? any
---@field tags? table<string, any>

---@class dxconnect.Resiliency
---@field level dxconnect.ResiliencyLevel
---@field paths table[]
---@field locations table
---@field devices table
---@field why string

---@class dxconnect.Inventory Everything of several accounts and regions, as it was when it was read.
---@field resources dxconnect.Resource[]
---@field links dxconnect.Link[]
---@field errors dxconnect.Unread[]
---@field complete boolean
local Inventory = {}

--- The resource with an id.
---@param id string
---@return dxconnect.Resource?
function Inventory:find(id) end

--- The resources that fit every filter.
---@param filter? dxconnect.Filter
---@return fun(): dxconnect.Resource?
function Inventory:each(filter) end

--- The resources that are linked with one, in either direction.
---@param of dxconnect.Resource|string
---@param kind? dxconnect.LinkKind
---@return dxconnect.Resource[]
function Inventory:linked(of, kind) end

--- The inventory as a file to keep.
---@return string
function Inventory:json() end

--- A line of CSV for each resource.
---@return string
function Inventory:csv() end

--- Resources and links as a graph for Graphviz.
---@return string
function Inventory:dot() end

--- A picture of the estate that needs nothing beside it.
---@return string
function Inventory:svg() end

--- What changed between two inventories.
---@param older dxconnect.Inventory
---@return dxconnect.Change[]
function Inventory:diff(older) end

--- What a careful engineer would point at.
---@param options? {target: dxconnect.ResiliencyLevel?, targets: table<string, dxconnect.ResiliencyLevel>?}
---@return dxconnect.Finding[]? findings
---@return dxconnect.Error? err
function Inventory:assess(options) end

--- The level of resiliency of a gateway's paths.
---@param gateway dxconnect.Resource|string
---@return dxconnect.Resiliency
function Inventory:resiliency(gateway) end

--- The inventory as Prometheus text.
---@return string
function Inventory:metrics() end

---@class dxconnect.Watch
---@field inventory? dxconnect.Inventory the newest complete one
local Watch = {}

--- Ends a watch.
function Watch:stop() end

---@class dxconnect.Recording: dxconnect.Tape
---@class dxconnect.Tape A transport with a file.
---@overload fun(request: dxconnect.Request): dxconnect.Response?, string?, string?
local Tape = {}

---@return boolean? ok
---@return dxconnect.Error? err
function Tape:done() end

---@class dxconnect.Stub A transport of hand-made answers.
---@overload fun(request: dxconnect.Request): dxconnect.Response?, string?, string?
local Stub = {}

---@param operation dxconnect.Operation
---@param params table|nil
---@param result table
---@return dxconnect.Stub
function Stub:add(operation, params, result) end

---@param operation dxconnect.Operation
---@param code dxconnect.ErrorCode|string
---@param message? string
---@return dxconnect.Stub
function Stub:add_error(operation, code, message) end

---@return boolean? ok
---@return dxconnect.Error? err
function Stub:done() end

---@class dxconnect.EmulatorOptions
---@field credentials? dxconnect.Credentials|dxconnect.Credentials[]|fun(): table
---@field clock? fun(): number
---@field region? string
---@field sleep? fun(seconds: number)
---@field state? string path of a file that save wrote
---@field quotas? table<string, integer>|false
---@field delays? table<string, table<string, number>>

---@class dxconnect.Fault
---@field operation? dxconnect.Operation any, where left out
---@field times? integer how often, 1 unless told
---@field skip? integer calls that pass before
---@field match? table|fun(params: table): boolean members that must be equal, or a function of the params
---@field status? integer
---@field code? string
---@field message? string
---@field body? string
---@field headers? table<string, string>
---@field throttle? boolean
---@field lost? boolean no answer arrives
---@field applied? boolean whether it takes effect all the same
---@field latency? number seconds
---@field hits? integer how often it was met

---@class dxconnect.ServeOptions
---@field port? integer 0 for a free one
---@field host? string
---@field on_ready? fun(url: string, stop: fun(), certificate: string?)
---@field tls? boolean
---@field state? string
---@field should_stop? fun(): boolean
---@field request_timeout? number seconds
---@field idle_timeout? number seconds
---@field max_connections? integer

---@class dxconnect.Emulator A Direct Connect of one's own.
---@field transport dxconnect.Transport
local Emulator = {}

--- Serves the emulator over HTTP until it is stopped.
---@param options? dxconnect.ServeOptions
---@return boolean? ok
---@return string? message
function Emulator:serve(options) end

--- Ends emulator:serve.
function Emulator:stop() end

--- Orders what is to go wrong, with which operation, how often.
---@param fault dxconnect.Fault
---@return dxconnect.Fault
function Emulator:fault(fault) end

--- Calls all faults off.
function Emulator:clear_faults() end

--- Fills the emulator.
---@param what "estate"|table<string, table[]>
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:seed(what) end

--- Empties the emulator, its faults and its log, and sets its clock back.
function Emulator:reset() end

--- Writes the emulator's world to a file.
---@param path string
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:save(path) end

--- Moves the emulator's time ahead.
---@param seconds number
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:advance(seconds) end

--- Sets the emulator's time, in Unix seconds; never backwards.
---@param time number
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:set_time(time) end

--- The emulator's time, in Unix seconds.
---@return number
function Emulator:now() end

--- What the emulator holds under an id.
---@param id string
---@return table?
function Emulator:get(id) end

--- Sets members of anything that has an id.
---@param id string
---@param members table
function Emulator:set(id, members) end

--- How many requests there were.
---@param operation? dxconnect.Operation
---@return integer
function Emulator:count(operation) end

--- The last requests, oldest first.
---@return table[]
function Emulator:requests() end

---@class dxconnect.ModelMember
---@field shape string
---@field required? boolean
---@field secret? boolean
---@field deprecated? boolean
---@field use_instead? string
---@field min? number
---@field max? number

---@class dxconnect.ModelShape
---@field name string
---@field type "structure"|"list"|"map"|"string"|"integer"|"long"|"boolean"|"timestamp"|"blob"
---@field members? table<string, dxconnect.ModelMember>
---@field order? string[]
---@field required? string[]
---@field member? string
---@field enum? string[]
---@field min? number
---@field max? number

---@class dxconnect.ModelOperation
---@field name string
---@field method string
---@field input? string
---@field output? string
---@field errors string[]
---@field labels string[]
---@field retry "read"|"repeatable"|"token"|"once"
---@field topic string

---@class dxconnect.Model
---@field operations table<dxconnect.Operation, dxconnect.ModelOperation>
---@field shapes table<string, dxconnect.ModelShape>

---@class dxconnect.Client A client with settings, credentials and connections of its own.
local Client = {}

---@class dxconnect
---@field waiters table<dxconnect.WaiterState, dxconnect.Waiter>
---@field model dxconnect.Model
---@field routers dxconnect.RouterType[]
---@field _VERSION string
local dxconnect = {}

---@class dxconnect.inventory
---@field rules dxconnect.Rule[]
---@overload fun(options: dxconnect.InventoryOptions): dxconnect.Inventory?, dxconnect.Error?
dxconnect.inventory = {}

---@class dxconnect.secret
---@overload fun(value: string): dxconnect.Secret
dxconnect.secret = {}

dxconnect.macsec = {}
dxconnect.config = {}

---@class dxconnect.loop
dxconnect.loop = {}

--- A client with settings, credentials and connections of its own.
---@param options? dxconnect.ClientOptions
---@return dxconnect.Client? client
---@return dxconnect.Error? err
function dxconnect.client(options) end

--- Any operation by its name, in either spelling.
---@overload fun(self: dxconnect.Client, name: "AcceptDirectConnectGatewayAssociationProposal"|"accept_direct_connect_gateway_association_proposal", params: dxconnect.AcceptDirectConnectGatewayAssociationProposalRequest, options?: dxconnect.CallOptions): dxconnect.AcceptDirectConnectGatewayAssociationProposalResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AllocateConnectionOnInterconnect"|"allocate_connection_on_interconnect", params: dxconnect.AllocateConnectionOnInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AllocateHostedConnection"|"allocate_hosted_connection", params: dxconnect.AllocateHostedConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AllocatePrivateVirtualInterface"|"allocate_private_virtual_interface", params: dxconnect.AllocatePrivateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AllocatePublicVirtualInterface"|"allocate_public_virtual_interface", params: dxconnect.AllocatePublicVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AllocateTransitVirtualInterface"|"allocate_transit_virtual_interface", params: dxconnect.AllocateTransitVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.AllocateTransitVirtualInterfaceResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AssociateConnectionWithLag"|"associate_connection_with_lag", params: dxconnect.AssociateConnectionWithLagRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AssociateConnectionsToResiliencyGroup"|"associate_connections_to_resiliency_group", params: dxconnect.AssociateConnectionsToResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.AssociateConnectionsToResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AssociateHostedConnection"|"associate_hosted_connection", params: dxconnect.AssociateHostedConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AssociateMacSecKey"|"associate_mac_sec_key", params: dxconnect.AssociateMacSecKeyRequest, options?: dxconnect.CallOptions): dxconnect.AssociateMacSecKeyResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "AssociateVirtualInterface"|"associate_virtual_interface", params: dxconnect.AssociateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ConfirmConnection"|"confirm_connection", params: dxconnect.ConfirmConnectionRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmConnectionResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ConfirmCustomerAgreement"|"confirm_customer_agreement", params?: dxconnect.ConfirmCustomerAgreementRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmCustomerAgreementResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ConfirmPrivateVirtualInterface"|"confirm_private_virtual_interface", params: dxconnect.ConfirmPrivateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmPrivateVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ConfirmPublicVirtualInterface"|"confirm_public_virtual_interface", params: dxconnect.ConfirmPublicVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmPublicVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ConfirmTransitVirtualInterface"|"confirm_transit_virtual_interface", params: dxconnect.ConfirmTransitVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmTransitVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateBGPPeer"|"create_bgp_peer", params?: dxconnect.CreateBGPPeerRequest, options?: dxconnect.CallOptions): dxconnect.CreateBGPPeerResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateConnection"|"create_connection", params: dxconnect.CreateConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateDirectConnectGateway"|"create_direct_connect_gateway", params: dxconnect.CreateDirectConnectGatewayRequest, options?: dxconnect.CallOptions): dxconnect.CreateDirectConnectGatewayResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateDirectConnectGatewayAssociation"|"create_direct_connect_gateway_association", params: dxconnect.CreateDirectConnectGatewayAssociationRequest, options?: dxconnect.CallOptions): dxconnect.CreateDirectConnectGatewayAssociationResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateDirectConnectGatewayAssociationProposal"|"create_direct_connect_gateway_association_proposal", params: dxconnect.CreateDirectConnectGatewayAssociationProposalRequest, options?: dxconnect.CallOptions): dxconnect.CreateDirectConnectGatewayAssociationProposalResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateInterconnect"|"create_interconnect", params: dxconnect.CreateInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.Interconnect?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateLag"|"create_lag", params: dxconnect.CreateLagRequest, options?: dxconnect.CallOptions): dxconnect.Lag?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreatePrivateVirtualInterface"|"create_private_virtual_interface", params: dxconnect.CreatePrivateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreatePublicVirtualInterface"|"create_public_virtual_interface", params: dxconnect.CreatePublicVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateResiliencyGroup"|"create_resiliency_group", params: dxconnect.CreateResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.CreateResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "CreateTransitVirtualInterface"|"create_transit_virtual_interface", params: dxconnect.CreateTransitVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.CreateTransitVirtualInterfaceResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteBGPPeer"|"delete_bgp_peer", params?: dxconnect.DeleteBGPPeerRequest, options?: dxconnect.CallOptions): dxconnect.DeleteBGPPeerResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteConnection"|"delete_connection", params: dxconnect.DeleteConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteDirectConnectGateway"|"delete_direct_connect_gateway", params: dxconnect.DeleteDirectConnectGatewayRequest, options?: dxconnect.CallOptions): dxconnect.DeleteDirectConnectGatewayResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteDirectConnectGatewayAssociation"|"delete_direct_connect_gateway_association", params?: dxconnect.DeleteDirectConnectGatewayAssociationRequest, options?: dxconnect.CallOptions): dxconnect.DeleteDirectConnectGatewayAssociationResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteDirectConnectGatewayAssociationProposal"|"delete_direct_connect_gateway_association_proposal", params: dxconnect.DeleteDirectConnectGatewayAssociationProposalRequest, options?: dxconnect.CallOptions): dxconnect.DeleteDirectConnectGatewayAssociationProposalResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteInterconnect"|"delete_interconnect", params: dxconnect.DeleteInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.DeleteInterconnectResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteLag"|"delete_lag", params: dxconnect.DeleteLagRequest, options?: dxconnect.CallOptions): dxconnect.Lag?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteResiliencyGroup"|"delete_resiliency_group", params: dxconnect.DeleteResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.DeleteResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DeleteVirtualInterface"|"delete_virtual_interface", params: dxconnect.DeleteVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.DeleteVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeConnectionLoa"|"describe_connection_loa", params: dxconnect.DescribeConnectionLoaRequest, options?: dxconnect.CallOptions): dxconnect.DescribeConnectionLoaResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeConnections"|"describe_connections", params?: dxconnect.DescribeConnectionsRequest, options?: dxconnect.CallOptions): dxconnect.Connections?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeConnectionsOnInterconnect"|"describe_connections_on_interconnect", params: dxconnect.DescribeConnectionsOnInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.Connections?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeCustomerMetadata"|"describe_customer_metadata", params?: {}, options?: dxconnect.CallOptions): dxconnect.DescribeCustomerMetadataResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeDirectConnectGatewayAssociationProposals"|"describe_direct_connect_gateway_association_proposals", params?: dxconnect.DescribeDirectConnectGatewayAssociationProposalsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewayAssociationProposalsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeDirectConnectGatewayAssociations"|"describe_direct_connect_gateway_associations", params?: dxconnect.DescribeDirectConnectGatewayAssociationsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewayAssociationsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeDirectConnectGatewayAttachments"|"describe_direct_connect_gateway_attachments", params?: dxconnect.DescribeDirectConnectGatewayAttachmentsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewayAttachmentsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeDirectConnectGateways"|"describe_direct_connect_gateways", params?: dxconnect.DescribeDirectConnectGatewaysRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewaysResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeHostedConnections"|"describe_hosted_connections", params: dxconnect.DescribeHostedConnectionsRequest, options?: dxconnect.CallOptions): dxconnect.Connections?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeInterconnectLoa"|"describe_interconnect_loa", params: dxconnect.DescribeInterconnectLoaRequest, options?: dxconnect.CallOptions): dxconnect.DescribeInterconnectLoaResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeInterconnects"|"describe_interconnects", params?: dxconnect.DescribeInterconnectsRequest, options?: dxconnect.CallOptions): dxconnect.Interconnects?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeLags"|"describe_lags", params?: dxconnect.DescribeLagsRequest, options?: dxconnect.CallOptions): dxconnect.Lags?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeLoa"|"describe_loa", params: dxconnect.DescribeLoaRequest, options?: dxconnect.CallOptions): dxconnect.Loa?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeLocations"|"describe_locations", params?: {}, options?: dxconnect.CallOptions): dxconnect.Locations?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeRouterConfiguration"|"describe_router_configuration", params: dxconnect.DescribeRouterConfigurationRequest, options?: dxconnect.CallOptions): dxconnect.DescribeRouterConfigurationResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeTags"|"describe_tags", params: dxconnect.DescribeTagsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeTagsResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeVirtualGateways"|"describe_virtual_gateways", params?: {}, options?: dxconnect.CallOptions): dxconnect.VirtualGateways?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DescribeVirtualInterfaces"|"describe_virtual_interfaces", params?: dxconnect.DescribeVirtualInterfacesRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterfaces?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DisassociateConnectionFromLag"|"disassociate_connection_from_lag", params: dxconnect.DisassociateConnectionFromLagRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DisassociateConnectionsFromResiliencyGroup"|"disassociate_connections_from_resiliency_group", params: dxconnect.DisassociateConnectionsFromResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.DisassociateConnectionsFromResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "DisassociateMacSecKey"|"disassociate_mac_sec_key", params: dxconnect.DisassociateMacSecKeyRequest, options?: dxconnect.CallOptions): dxconnect.DisassociateMacSecKeyResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "GetResiliencyGroup"|"get_resiliency_group", params: dxconnect.GetResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.GetResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ListResiliencyGroupAssociations"|"list_resiliency_group_associations", params: dxconnect.ListResiliencyGroupAssociationsRequest, options?: dxconnect.CallOptions): dxconnect.ListResiliencyGroupAssociationsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ListResiliencyGroups"|"list_resiliency_groups", params?: dxconnect.ListResiliencyGroupsRequest, options?: dxconnect.CallOptions): dxconnect.ListResiliencyGroupsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ListVirtualInterfaceRoutes"|"list_virtual_interface_routes", params?: dxconnect.ListVirtualInterfaceRoutesRequest, options?: dxconnect.CallOptions): dxconnect.ListVirtualInterfaceRoutesResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "ListVirtualInterfaceTestHistory"|"list_virtual_interface_test_history", params?: dxconnect.ListVirtualInterfaceTestHistoryRequest, options?: dxconnect.CallOptions): dxconnect.ListVirtualInterfaceTestHistoryResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "StartBgpFailoverTest"|"start_bgp_failover_test", params: dxconnect.StartBgpFailoverTestRequest, options?: dxconnect.CallOptions): dxconnect.StartBgpFailoverTestResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "StopBgpFailoverTest"|"stop_bgp_failover_test", params: dxconnect.StopBgpFailoverTestRequest, options?: dxconnect.CallOptions): dxconnect.StopBgpFailoverTestResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "TagResource"|"tag_resource", params: dxconnect.TagResourceRequest, options?: dxconnect.CallOptions): dxconnect.TagResourceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UntagResource"|"untag_resource", params: dxconnect.UntagResourceRequest, options?: dxconnect.CallOptions): dxconnect.UntagResourceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateConnection"|"update_connection", params: dxconnect.UpdateConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateConnectionsBillingMode"|"update_connections_billing_mode", params: dxconnect.UpdateConnectionsBillingModeRequest, options?: dxconnect.CallOptions): dxconnect.UpdateConnectionsBillingModeResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateDirectConnectGateway"|"update_direct_connect_gateway", params: dxconnect.UpdateDirectConnectGatewayRequest, options?: dxconnect.CallOptions): dxconnect.UpdateDirectConnectGatewayResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateDirectConnectGatewayAssociation"|"update_direct_connect_gateway_association", params?: dxconnect.UpdateDirectConnectGatewayAssociationRequest, options?: dxconnect.CallOptions): dxconnect.UpdateDirectConnectGatewayAssociationResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateLag"|"update_lag", params: dxconnect.UpdateLagRequest, options?: dxconnect.CallOptions): dxconnect.Lag?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateResiliencyGroup"|"update_resiliency_group", params: dxconnect.UpdateResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.UpdateResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, name: "UpdateVirtualInterfaceAttributes"|"update_virtual_interface_attributes", params: dxconnect.UpdateVirtualInterfaceAttributesRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@param name dxconnect.Operation|string
---@param params? table
---@param options? dxconnect.CallOptions
---@return table? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:call(name, params, options) end

--- Any operation by its name, in either spelling.
---@overload fun(name: "AcceptDirectConnectGatewayAssociationProposal"|"accept_direct_connect_gateway_association_proposal", params: dxconnect.AcceptDirectConnectGatewayAssociationProposalRequest, options?: dxconnect.CallOptions): dxconnect.AcceptDirectConnectGatewayAssociationProposalResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AllocateConnectionOnInterconnect"|"allocate_connection_on_interconnect", params: dxconnect.AllocateConnectionOnInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AllocateHostedConnection"|"allocate_hosted_connection", params: dxconnect.AllocateHostedConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AllocatePrivateVirtualInterface"|"allocate_private_virtual_interface", params: dxconnect.AllocatePrivateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AllocatePublicVirtualInterface"|"allocate_public_virtual_interface", params: dxconnect.AllocatePublicVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AllocateTransitVirtualInterface"|"allocate_transit_virtual_interface", params: dxconnect.AllocateTransitVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.AllocateTransitVirtualInterfaceResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AssociateConnectionWithLag"|"associate_connection_with_lag", params: dxconnect.AssociateConnectionWithLagRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AssociateConnectionsToResiliencyGroup"|"associate_connections_to_resiliency_group", params: dxconnect.AssociateConnectionsToResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.AssociateConnectionsToResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AssociateHostedConnection"|"associate_hosted_connection", params: dxconnect.AssociateHostedConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AssociateMacSecKey"|"associate_mac_sec_key", params: dxconnect.AssociateMacSecKeyRequest, options?: dxconnect.CallOptions): dxconnect.AssociateMacSecKeyResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "AssociateVirtualInterface"|"associate_virtual_interface", params: dxconnect.AssociateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ConfirmConnection"|"confirm_connection", params: dxconnect.ConfirmConnectionRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmConnectionResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ConfirmCustomerAgreement"|"confirm_customer_agreement", params?: dxconnect.ConfirmCustomerAgreementRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmCustomerAgreementResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ConfirmPrivateVirtualInterface"|"confirm_private_virtual_interface", params: dxconnect.ConfirmPrivateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmPrivateVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ConfirmPublicVirtualInterface"|"confirm_public_virtual_interface", params: dxconnect.ConfirmPublicVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmPublicVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ConfirmTransitVirtualInterface"|"confirm_transit_virtual_interface", params: dxconnect.ConfirmTransitVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.ConfirmTransitVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateBGPPeer"|"create_bgp_peer", params?: dxconnect.CreateBGPPeerRequest, options?: dxconnect.CallOptions): dxconnect.CreateBGPPeerResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateConnection"|"create_connection", params: dxconnect.CreateConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateDirectConnectGateway"|"create_direct_connect_gateway", params: dxconnect.CreateDirectConnectGatewayRequest, options?: dxconnect.CallOptions): dxconnect.CreateDirectConnectGatewayResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateDirectConnectGatewayAssociation"|"create_direct_connect_gateway_association", params: dxconnect.CreateDirectConnectGatewayAssociationRequest, options?: dxconnect.CallOptions): dxconnect.CreateDirectConnectGatewayAssociationResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateDirectConnectGatewayAssociationProposal"|"create_direct_connect_gateway_association_proposal", params: dxconnect.CreateDirectConnectGatewayAssociationProposalRequest, options?: dxconnect.CallOptions): dxconnect.CreateDirectConnectGatewayAssociationProposalResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateInterconnect"|"create_interconnect", params: dxconnect.CreateInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.Interconnect?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateLag"|"create_lag", params: dxconnect.CreateLagRequest, options?: dxconnect.CallOptions): dxconnect.Lag?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreatePrivateVirtualInterface"|"create_private_virtual_interface", params: dxconnect.CreatePrivateVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreatePublicVirtualInterface"|"create_public_virtual_interface", params: dxconnect.CreatePublicVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateResiliencyGroup"|"create_resiliency_group", params: dxconnect.CreateResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.CreateResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "CreateTransitVirtualInterface"|"create_transit_virtual_interface", params: dxconnect.CreateTransitVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.CreateTransitVirtualInterfaceResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteBGPPeer"|"delete_bgp_peer", params?: dxconnect.DeleteBGPPeerRequest, options?: dxconnect.CallOptions): dxconnect.DeleteBGPPeerResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteConnection"|"delete_connection", params: dxconnect.DeleteConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteDirectConnectGateway"|"delete_direct_connect_gateway", params: dxconnect.DeleteDirectConnectGatewayRequest, options?: dxconnect.CallOptions): dxconnect.DeleteDirectConnectGatewayResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteDirectConnectGatewayAssociation"|"delete_direct_connect_gateway_association", params?: dxconnect.DeleteDirectConnectGatewayAssociationRequest, options?: dxconnect.CallOptions): dxconnect.DeleteDirectConnectGatewayAssociationResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteDirectConnectGatewayAssociationProposal"|"delete_direct_connect_gateway_association_proposal", params: dxconnect.DeleteDirectConnectGatewayAssociationProposalRequest, options?: dxconnect.CallOptions): dxconnect.DeleteDirectConnectGatewayAssociationProposalResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteInterconnect"|"delete_interconnect", params: dxconnect.DeleteInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.DeleteInterconnectResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteLag"|"delete_lag", params: dxconnect.DeleteLagRequest, options?: dxconnect.CallOptions): dxconnect.Lag?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteResiliencyGroup"|"delete_resiliency_group", params: dxconnect.DeleteResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.DeleteResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DeleteVirtualInterface"|"delete_virtual_interface", params: dxconnect.DeleteVirtualInterfaceRequest, options?: dxconnect.CallOptions): dxconnect.DeleteVirtualInterfaceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeConnectionLoa"|"describe_connection_loa", params: dxconnect.DescribeConnectionLoaRequest, options?: dxconnect.CallOptions): dxconnect.DescribeConnectionLoaResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeConnections"|"describe_connections", params?: dxconnect.DescribeConnectionsRequest, options?: dxconnect.CallOptions): dxconnect.Connections?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeConnectionsOnInterconnect"|"describe_connections_on_interconnect", params: dxconnect.DescribeConnectionsOnInterconnectRequest, options?: dxconnect.CallOptions): dxconnect.Connections?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeCustomerMetadata"|"describe_customer_metadata", params?: {}, options?: dxconnect.CallOptions): dxconnect.DescribeCustomerMetadataResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeDirectConnectGatewayAssociationProposals"|"describe_direct_connect_gateway_association_proposals", params?: dxconnect.DescribeDirectConnectGatewayAssociationProposalsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewayAssociationProposalsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeDirectConnectGatewayAssociations"|"describe_direct_connect_gateway_associations", params?: dxconnect.DescribeDirectConnectGatewayAssociationsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewayAssociationsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeDirectConnectGatewayAttachments"|"describe_direct_connect_gateway_attachments", params?: dxconnect.DescribeDirectConnectGatewayAttachmentsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewayAttachmentsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeDirectConnectGateways"|"describe_direct_connect_gateways", params?: dxconnect.DescribeDirectConnectGatewaysRequest, options?: dxconnect.CallOptions): dxconnect.DescribeDirectConnectGatewaysResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeHostedConnections"|"describe_hosted_connections", params: dxconnect.DescribeHostedConnectionsRequest, options?: dxconnect.CallOptions): dxconnect.Connections?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeInterconnectLoa"|"describe_interconnect_loa", params: dxconnect.DescribeInterconnectLoaRequest, options?: dxconnect.CallOptions): dxconnect.DescribeInterconnectLoaResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeInterconnects"|"describe_interconnects", params?: dxconnect.DescribeInterconnectsRequest, options?: dxconnect.CallOptions): dxconnect.Interconnects?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeLags"|"describe_lags", params?: dxconnect.DescribeLagsRequest, options?: dxconnect.CallOptions): dxconnect.Lags?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeLoa"|"describe_loa", params: dxconnect.DescribeLoaRequest, options?: dxconnect.CallOptions): dxconnect.Loa?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeLocations"|"describe_locations", params?: {}, options?: dxconnect.CallOptions): dxconnect.Locations?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeRouterConfiguration"|"describe_router_configuration", params: dxconnect.DescribeRouterConfigurationRequest, options?: dxconnect.CallOptions): dxconnect.DescribeRouterConfigurationResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeTags"|"describe_tags", params: dxconnect.DescribeTagsRequest, options?: dxconnect.CallOptions): dxconnect.DescribeTagsResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeVirtualGateways"|"describe_virtual_gateways", params?: {}, options?: dxconnect.CallOptions): dxconnect.VirtualGateways?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DescribeVirtualInterfaces"|"describe_virtual_interfaces", params?: dxconnect.DescribeVirtualInterfacesRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterfaces?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DisassociateConnectionFromLag"|"disassociate_connection_from_lag", params: dxconnect.DisassociateConnectionFromLagRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DisassociateConnectionsFromResiliencyGroup"|"disassociate_connections_from_resiliency_group", params: dxconnect.DisassociateConnectionsFromResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.DisassociateConnectionsFromResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "DisassociateMacSecKey"|"disassociate_mac_sec_key", params: dxconnect.DisassociateMacSecKeyRequest, options?: dxconnect.CallOptions): dxconnect.DisassociateMacSecKeyResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "GetResiliencyGroup"|"get_resiliency_group", params: dxconnect.GetResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.GetResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ListResiliencyGroupAssociations"|"list_resiliency_group_associations", params: dxconnect.ListResiliencyGroupAssociationsRequest, options?: dxconnect.CallOptions): dxconnect.ListResiliencyGroupAssociationsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ListResiliencyGroups"|"list_resiliency_groups", params?: dxconnect.ListResiliencyGroupsRequest, options?: dxconnect.CallOptions): dxconnect.ListResiliencyGroupsResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ListVirtualInterfaceRoutes"|"list_virtual_interface_routes", params?: dxconnect.ListVirtualInterfaceRoutesRequest, options?: dxconnect.CallOptions): dxconnect.ListVirtualInterfaceRoutesResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "ListVirtualInterfaceTestHistory"|"list_virtual_interface_test_history", params?: dxconnect.ListVirtualInterfaceTestHistoryRequest, options?: dxconnect.CallOptions): dxconnect.ListVirtualInterfaceTestHistoryResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "StartBgpFailoverTest"|"start_bgp_failover_test", params: dxconnect.StartBgpFailoverTestRequest, options?: dxconnect.CallOptions): dxconnect.StartBgpFailoverTestResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "StopBgpFailoverTest"|"stop_bgp_failover_test", params: dxconnect.StopBgpFailoverTestRequest, options?: dxconnect.CallOptions): dxconnect.StopBgpFailoverTestResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "TagResource"|"tag_resource", params: dxconnect.TagResourceRequest, options?: dxconnect.CallOptions): dxconnect.TagResourceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UntagResource"|"untag_resource", params: dxconnect.UntagResourceRequest, options?: dxconnect.CallOptions): dxconnect.UntagResourceResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateConnection"|"update_connection", params: dxconnect.UpdateConnectionRequest, options?: dxconnect.CallOptions): dxconnect.Connection?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateConnectionsBillingMode"|"update_connections_billing_mode", params: dxconnect.UpdateConnectionsBillingModeRequest, options?: dxconnect.CallOptions): dxconnect.UpdateConnectionsBillingModeResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateDirectConnectGateway"|"update_direct_connect_gateway", params: dxconnect.UpdateDirectConnectGatewayRequest, options?: dxconnect.CallOptions): dxconnect.UpdateDirectConnectGatewayResponse?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateDirectConnectGatewayAssociation"|"update_direct_connect_gateway_association", params?: dxconnect.UpdateDirectConnectGatewayAssociationRequest, options?: dxconnect.CallOptions): dxconnect.UpdateDirectConnectGatewayAssociationResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateLag"|"update_lag", params: dxconnect.UpdateLagRequest, options?: dxconnect.CallOptions): dxconnect.Lag?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateResiliencyGroup"|"update_resiliency_group", params: dxconnect.UpdateResiliencyGroupRequest, options?: dxconnect.CallOptions): dxconnect.UpdateResiliencyGroupResult?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(name: "UpdateVirtualInterfaceAttributes"|"update_virtual_interface_attributes", params: dxconnect.UpdateVirtualInterfaceAttributesRequest, options?: dxconnect.CallOptions): dxconnect.VirtualInterface?, dxconnect.Error?, dxconnect.Meta?
---@param name dxconnect.Operation|string
---@param params? table
---@param options? dxconnect.CallOptions
---@return table? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.call(name, params, options) end

--- The signed request, not sent.
---@param name dxconnect.Operation|string
---@param params? table
---@param options? dxconnect.CallOptions
---@return dxconnect.Request? request
---@return dxconnect.Error? err
function Client:prepare(name, params, options) end

--- The signed request, not sent.
---@param name dxconnect.Operation|string
---@param params? table
---@param options? dxconnect.CallOptions
---@return dxconnect.Request? request
---@return dxconnect.Error? err
function dxconnect.prepare(name, params, options) end

--- One signed call to another AWS service.
---@overload fun(self: dxconnect.Client, request: dxconnect.RpcRequest, options?: dxconnect.SendOptions): table?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, request: dxconnect.ServiceRequest, options?: dxconnect.SendOptions): table|dxconnect.Response|nil, dxconnect.Error?, dxconnect.Meta?
---@param request dxconnect.RpcRequest|dxconnect.ServiceRequest
---@param options? dxconnect.SendOptions
---@return table|dxconnect.Response|nil result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:send(request, options) end

--- One signed call to another AWS service.
---@overload fun(request: dxconnect.RpcRequest, options?: dxconnect.SendOptions): table?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(request: dxconnect.ServiceRequest, options?: dxconnect.SendOptions): table|dxconnect.Response|nil, dxconnect.Error?, dxconnect.Meta?
---@param request dxconnect.RpcRequest|dxconnect.ServiceRequest
---@param options? dxconnect.SendOptions
---@return table|dxconnect.Response|nil result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.send(request, options) end

--- A list, page by page.
---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return fun(): table?
function Client:pages(name, params, options) end

--- A list, page by page.
---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return fun(): table?
function dxconnect.pages(name, params, options) end

--- A list, item by item, over all pages.
---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return fun(): any
function Client:items(name, params, options) end

--- A list, item by item, over all pages.
---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return fun(): any
function dxconnect.items(name, params, options) end

--- Every page of a list joined into one result.
---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return table? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:all(name, params, options) end

--- Every page of a list joined into one result.
---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return table? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.all(name, params, options) end

--- Many calls in flight at once, results in order.
---@param calls any[][] each {name, params, options}
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function Client:batch(calls, options) end

--- Many calls in flight at once, results in order.
---@param calls any[][] each {name, params, options}
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function dxconnect.batch(calls, options) end

--- One operation over a list of parameters, like batch.
---@param name dxconnect.Operation
---@param params_list table[]
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function Client:map(name, params_list, options) end

--- One operation over a list of parameters, like batch.
---@param name dxconnect.Operation
---@param params_list table[]
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function dxconnect.map(name, params_list, options) end

--- Polls until a resource has reached a state.
---@param state dxconnect.WaiterState
---@param params? table
---@param options? dxconnect.WaitOptions
---@return table? resource
---@return dxconnect.Error? err
function Client:wait_until(state, params, options) end

--- Polls until a resource has reached a state.
---@param state dxconnect.WaiterState
---@param params? table
---@param options? dxconnect.WaitOptions
---@return table? resource
---@return dxconnect.Error? err
function dxconnect.wait_until(state, params, options) end

--- A create operation that nothing doubles: no fault, no crash, no second run.
---@param name dxconnect.Operation
---@param params table
---@param options? dxconnect.CreateOnceOptions
---@return table? resource
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_once(name, params, options) end

--- A create operation that nothing doubles: no fault, no crash, no second run.
---@param name dxconnect.Operation
---@param params table
---@param options? dxconnect.CreateOnceOptions
---@return table? resource
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_once(name, params, options) end

--- A new MACsec key in, the old ones out, traffic encrypted throughout.
---@param params dxconnect.RotateParams
---@param options? dxconnect.RotateOptions
---@return table? port
---@return dxconnect.Error? err
function Client:rotate_mac_sec_key(params, options) end

--- A new MACsec key in, the old ones out, traffic encrypted throughout.
---@param params dxconnect.RotateParams
---@param options? dxconnect.RotateOptions
---@return table? port
---@return dxconnect.Error? err
function dxconnect.rotate_mac_sec_key(params, options) end

--- A BGP failover test with a look before, a watch beside and a wait after it.
---@param params dxconnect.FailoverParams
---@param options? dxconnect.FailoverOptions
---@return dxconnect.FailoverReport? report
---@return dxconnect.Error? err
function Client:failover_test(params, options) end

--- A BGP failover test with a look before, a watch beside and a wait after it.
---@param params dxconnect.FailoverParams
---@param options? dxconnect.FailoverOptions
---@return dxconnect.FailoverReport? report
---@return dxconnect.Error? err
function dxconnect.failover_test(params, options) end

--- The letter of authorization (LOA-CFA) of a port as a file.
---@param id string
---@param path string
---@param options? dxconnect.SaveOptions
---@return dxconnect.SavedFile? file
---@return dxconnect.Error? err
function Client:save_loa(id, path, options) end

--- The letter of authorization (LOA-CFA) of a port as a file.
---@param id string
---@param path string
---@param options? dxconnect.SaveOptions
---@return dxconnect.SavedFile? file
---@return dxconnect.Error? err
function dxconnect.save_loa(id, path, options) end

--- The configuration of a router for a virtual interface as a file.
---@param id string
---@param path string
---@param options? dxconnect.SaveOptions
---@return dxconnect.SavedFile? file
---@return dxconnect.Error? err
function Client:save_router_configuration(id, path, options) end

--- The configuration of a router for a virtual interface as a file.
---@param id string
---@param path string
---@param options? dxconnect.SaveOptions
---@return dxconnect.SavedFile? file
---@return dxconnect.Error? err
function dxconnect.save_router_configuration(id, path, options) end

--- The keys in use and where they came from.
---@return dxconnect.Credentials? credentials
---@return dxconnect.Error? err
function Client:credentials() end

--- The keys in use and where they came from.
---@return dxconnect.Credentials? credentials
---@return dxconnect.Error? err
function dxconnect.credentials() end

--- Every setting, its value and where it came from.
---@return table<string, dxconnect.Setting>
function Client:explain() end

--- Every setting, its value and where it came from.
---@return table<string, dxconnect.Setting>
function dxconnect.explain() end

--- Ends a client's connections and wipes its keys.
function Client:close() end

--- Functions side by side; calls of all clients in them overlap.
---@param tasks (fun(): any, dxconnect.Error?)[]
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function dxconnect.parallel(tasks, options) end

--- A progress bar for batch and map.
---@param file? file*
---@return fun(done: integer, total: integer, item: any)
function dxconnect.progress(file) end

--- A new CKN and CAK from the operating system's random source.
---@return dxconnect.MacSecKeyPair
function dxconnect.macsec.generate() end

--- Every port that can do MACsec, its keys and what is wrong with them.
---@param clients dxconnect.Client[]|table<string, dxconnect.Client>
---@return dxconnect.AuditedPort[]
function dxconnect.macsec.audit(clients) end

--- New MACsec keys for all ports of several clients that are due.
---@param clients dxconnect.Client[]|table<string, dxconnect.Client>
---@param options? dxconnect.RotateAllOptions
---@return dxconnect.RotateAllReport? report
---@return dxconnect.Error? err
function dxconnect.macsec.rotate_all(clients, options) end

--- A secret from a file; one line end at its end is dropped.
---@param path string
---@param options? {logger: fun(event: dxconnect.Event)}
---@return dxconnect.Secret? secret
---@return dxconnect.Error? err
function dxconnect.secret.from_file(path, options) end

--- A secret from an environment variable.
---@param name string
---@return dxconnect.Secret? secret
---@return dxconnect.Error? err
function dxconnect.secret.from_env(name) end

--- Where a client with these options would send its calls.
---@param options? dxconnect.ClientOptions
---@return string? url
---@return dxconnect.Error? err
function dxconnect.endpoint(options) end

--- Signature Version 4 for any HTTP request.
---@param request {method: string, url: string, headers: table<string, string>?, body: string?}
---@param options dxconnect.SignOptions
---@return dxconnect.Request? request
---@return dxconnect.Error? err
function dxconnect.sign(request, options) end

--- JSON of a result, or of any table.
---@param value any
---@param options? dxconnect.JsonOptions
---@return string? text
---@return dxconnect.Error? err
function dxconnect.json(value, options) end

--- A list as a table of columns.
---@param list table
---@param options? dxconnect.TextOptions
---@return string? text
---@return dxconnect.Error? err
function dxconnect.table(list, options) end

--- A list as CSV.
---@param list table
---@param options? dxconnect.TextOptions
---@return string? text
---@return dxconnect.Error? err
function dxconnect.csv(list, options) end

--- A logger that prints a line for each attempt, retry, wait and renewal.
---@param file file*
---@param options? {level: string?}
---@return fun(event: dxconnect.Event)? logger
---@return dxconnect.Error? err
function dxconnect.log(file, options) end

---@param f fun()
function dxconnect.loop.spawn(f) end

---@return integer
function dxconnect.loop.pollfd() end

---@return string
function dxconnect.loop.events() end

---@return number?
function dxconnect.loop.timeout() end

function dxconnect.loop.step() end

--- Waits: in a task, inside nginx, or blocking, whichever fits.
---@param seconds number
function dxconnect.sleep(seconds) end

--- The real transport as a function, for a transport of your own to call.
---@param name "curl"|"resty"
---@param options? dxconnect.ClientOptions
---@return dxconnect.Transport? transport
---@return dxconnect.Error? err
function dxconnect.transport(name, options) end

--- Keeps the environment, for nginx's init_by_lua.
function dxconnect.config.capture() end

--- An inventory from what inventory:json() gave.
---@param text string
---@return dxconnect.Inventory? inventory
---@return dxconnect.Error? err
function dxconnect.inventory.load(text) end

--- Reads again and again, and tells what changed.
---@param options dxconnect.WatchOptions
---@return dxconnect.Watch? watch
---@return dxconnect.Error? err
function dxconnect.watch(options) end

--- A transport that keeps what goes over the wire in a file.
---@param transport dxconnect.Transport|nil
---@param path string
---@param options? dxconnect.ClientOptions
---@return dxconnect.Recording? transport
---@return dxconnect.Error? err
function dxconnect.record(transport, path, options) end

--- A transport that answers from what was recorded.
---@param path string
---@param options? table
---@return dxconnect.Tape? transport
---@return dxconnect.Error? err
function dxconnect.replay(path, options) end

--- A transport of hand-made answers.
---@return dxconnect.Stub
function dxconnect.stub() end

--- A Direct Connect of one's own, for tests.
---@param options? dxconnect.EmulatorOptions
---@return dxconnect.Emulator? emulator
---@return dxconnect.Error? err
function dxconnect.emulator(options) end

--- This text.
---@param name? dxconnect.Operation|dxconnect.WaiterState|string
---@return string
function dxconnect.help(name) end

--- As the owner of the Direct Connect gateway: accept another account's proposal to attach its gateway.
---@param params dxconnect.AcceptDirectConnectGatewayAssociationProposalRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AcceptDirectConnectGatewayAssociationProposalResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:accept_direct_connect_gateway_association_proposal(params, options) end

--- As the owner of the Direct Connect gateway: accept another account's proposal to attach its gateway.
---@param params dxconnect.AcceptDirectConnectGatewayAssociationProposalRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AcceptDirectConnectGatewayAssociationProposalResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.accept_direct_connect_gateway_association_proposal(params, options) end

--- Older form of allocate_hosted_connection, for interconnects only.
---@param params dxconnect.AllocateConnectionOnInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:allocate_connection_on_interconnect(params, options) end

--- Older form of allocate_hosted_connection, for interconnects only.
---@param params dxconnect.AllocateConnectionOnInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.allocate_connection_on_interconnect(params, options) end

--- As a partner: hand a customer a connection with a VLAN and bandwidth of its own, carried by one of your interconnects or LAGs. The customer confirms it.
---@param params dxconnect.AllocateHostedConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:allocate_hosted_connection(params, options) end

--- As a partner: hand a customer a connection with a VLAN and bandwidth of its own, carried by one of your interconnects or LAGs. The customer confirms it.
---@param params dxconnect.AllocateHostedConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.allocate_hosted_connection(params, options) end

--- Make a private virtual interface on your connection for another account, which confirms it.
---@param params dxconnect.AllocatePrivateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:allocate_private_virtual_interface(params, options) end

--- Make a private virtual interface on your connection for another account, which confirms it.
---@param params dxconnect.AllocatePrivateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.allocate_private_virtual_interface(params, options) end

--- Make a public virtual interface on your connection for another account, which confirms it.
---@param params dxconnect.AllocatePublicVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:allocate_public_virtual_interface(params, options) end

--- Make a public virtual interface on your connection for another account, which confirms it.
---@param params dxconnect.AllocatePublicVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.allocate_public_virtual_interface(params, options) end

--- Make a transit virtual interface on your connection for another account, which confirms it.
---@param params dxconnect.AllocateTransitVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AllocateTransitVirtualInterfaceResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:allocate_transit_virtual_interface(params, options) end

--- Make a transit virtual interface on your connection for another account, which confirms it.
---@param params dxconnect.AllocateTransitVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AllocateTransitVirtualInterfaceResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.allocate_transit_virtual_interface(params, options) end

--- Put a dedicated connection into a LAG. Bandwidth and location must match; its traffic stops meanwhile.
---@param params dxconnect.AssociateConnectionWithLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:associate_connection_with_lag(params, options) end

--- Put a dedicated connection into a LAG. Bandwidth and location must match; its traffic stops meanwhile.
---@param params dxconnect.AssociateConnectionWithLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.associate_connection_with_lag(params, options) end

--- Put up to 50 connections into a resiliency group, all of them or none.
---@param params dxconnect.AssociateConnectionsToResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AssociateConnectionsToResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:associate_connections_to_resiliency_group(params, options) end

--- Put up to 50 connections into a resiliency group, all of them or none.
---@param params dxconnect.AssociateConnectionsToResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AssociateConnectionsToResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.associate_connections_to_resiliency_group(params, options) end

--- Move a hosted connection, with its virtual interfaces, onto another interconnect or LAG. Its traffic stops while it moves.
---@param params dxconnect.AssociateHostedConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:associate_hosted_connection(params, options) end

--- Move a hosted connection, with its virtual interfaces, onto another interconnect or LAG. Its traffic stops while it moves.
---@param params dxconnect.AssociateHostedConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.associate_hosted_connection(params, options) end

--- Put a MACsec key onto a dedicated connection, LAG or interconnect: either a new pair of key name (CKN) and key (CAK), or the secret that an earlier association made.
---@param params dxconnect.AssociateMacSecKeyRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AssociateMacSecKeyResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:associate_mac_sec_key(params, options) end

--- Put a MACsec key onto a dedicated connection, LAG or interconnect: either a new pair of key name (CKN) and key (CAK), or the secret that an earlier association made.
---@param params dxconnect.AssociateMacSecKeyRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.AssociateMacSecKeyResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.associate_mac_sec_key(params, options) end

--- Move a virtual interface to another connection or LAG. Its traffic stops meanwhile.
---@param params dxconnect.AssociateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:associate_virtual_interface(params, options) end

--- Move a virtual interface to another connection or LAG. Its traffic stops meanwhile.
---@param params dxconnect.AssociateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.associate_virtual_interface(params, options) end

--- Accept a hosted connection that a partner made for you. Billing begins with it.
---@param params dxconnect.ConfirmConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmConnectionResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:confirm_connection(params, options) end

--- Accept a hosted connection that a partner made for you. Billing begins with it.
---@param params dxconnect.ConfirmConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmConnectionResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.confirm_connection(params, options) end

--- As a partner: agree to the terms for hosting connections.
---@param params? dxconnect.ConfirmCustomerAgreementRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmCustomerAgreementResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:confirm_customer_agreement(params, options) end

--- As a partner: agree to the terms for hosting connections.
---@param params? dxconnect.ConfirmCustomerAgreementRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmCustomerAgreementResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.confirm_customer_agreement(params, options) end

--- Accept a private virtual interface made for you and attach it to a gateway.
---@param params dxconnect.ConfirmPrivateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmPrivateVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:confirm_private_virtual_interface(params, options) end

--- Accept a private virtual interface made for you and attach it to a gateway.
---@param params dxconnect.ConfirmPrivateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmPrivateVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.confirm_private_virtual_interface(params, options) end

--- Accept a public virtual interface made for you.
---@param params dxconnect.ConfirmPublicVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmPublicVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:confirm_public_virtual_interface(params, options) end

--- Accept a public virtual interface made for you.
---@param params dxconnect.ConfirmPublicVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmPublicVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.confirm_public_virtual_interface(params, options) end

--- Accept a transit virtual interface made for you and attach it to a Direct Connect gateway.
---@param params dxconnect.ConfirmTransitVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmTransitVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:confirm_transit_virtual_interface(params, options) end

--- Accept a transit virtual interface made for you and attach it to a Direct Connect gateway.
---@param params dxconnect.ConfirmTransitVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ConfirmTransitVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.confirm_transit_virtual_interface(params, options) end

--- Add a BGP session to a virtual interface: the other address family, or one more session.
---@param params? dxconnect.CreateBGPPeerRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateBGPPeerResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_bgp_peer(params, options) end

--- Add a BGP session to a virtual interface: the other address family, or one more session.
---@param params? dxconnect.CreateBGPPeerRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateBGPPeerResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_bgp_peer(params, options) end

--- Order a dedicated port at a location. The order is billed once the port is up, or 90 days later.
---@param params dxconnect.CreateConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_connection(params, options) end

--- Order a dedicated port at a location. The order is billed once the port is up, or 90 days later.
---@param params dxconnect.CreateConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_connection(params, options) end

--- Make a Direct Connect gateway, which joins virtual interfaces to gateways in any region.
---@param params dxconnect.CreateDirectConnectGatewayRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateDirectConnectGatewayResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_direct_connect_gateway(params, options) end

--- Make a Direct Connect gateway, which joins virtual interfaces to gateways in any region.
---@param params dxconnect.CreateDirectConnectGatewayRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateDirectConnectGatewayResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_direct_connect_gateway(params, options) end

--- Join a virtual private or transit gateway to a Direct Connect gateway. This can take three quarters of an hour.
---@param params dxconnect.CreateDirectConnectGatewayAssociationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateDirectConnectGatewayAssociationResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_direct_connect_gateway_association(params, options) end

--- Join a virtual private or transit gateway to a Direct Connect gateway. This can take three quarters of an hour.
---@param params dxconnect.CreateDirectConnectGatewayAssociationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateDirectConnectGatewayAssociationResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_direct_connect_gateway_association(params, options) end

--- Ask the owner of a Direct Connect gateway to let your gateway join it.
---@param params dxconnect.CreateDirectConnectGatewayAssociationProposalRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateDirectConnectGatewayAssociationProposalResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_direct_connect_gateway_association_proposal(params, options) end

--- Ask the owner of a Direct Connect gateway to let your gateway join it.
---@param params dxconnect.CreateDirectConnectGatewayAssociationProposalRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateDirectConnectGatewayAssociationProposalResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_direct_connect_gateway_association_proposal(params, options) end

--- As a partner: order a port on which connections of customers can be hosted.
---@param params dxconnect.CreateInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Interconnect? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_interconnect(params, options) end

--- As a partner: order a port on which connections of customers can be hosted.
---@param params dxconnect.CreateInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Interconnect? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_interconnect(params, options) end

--- Bundle ports: order new ones, and with connectionId take an existing connection in, whose traffic stops meanwhile.
---@param params dxconnect.CreateLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lag? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_lag(params, options) end

--- Bundle ports: order new ones, and with connectionId take an existing connection in, whose traffic stops meanwhile.
---@param params dxconnect.CreateLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lag? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_lag(params, options) end

--- Make a virtual interface into VPCs, by a virtual private gateway or a Direct Connect gateway.
---@param params dxconnect.CreatePrivateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_private_virtual_interface(params, options) end

--- Make a virtual interface into VPCs, by a virtual private gateway or a Direct Connect gateway.
---@param params dxconnect.CreatePrivateVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_private_virtual_interface(params, options) end

--- Make a virtual interface to the public addresses of AWS.
---@param params dxconnect.CreatePublicVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_public_virtual_interface(params, options) end

--- Make a virtual interface to the public addresses of AWS.
---@param params dxconnect.CreatePublicVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_public_virtual_interface(params, options) end

--- Make a group of connections that is meant to reach a given level of resiliency.
---@param params dxconnect.CreateResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_resiliency_group(params, options) end

--- Make a group of connections that is meant to reach a given level of resiliency.
---@param params dxconnect.CreateResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_resiliency_group(params, options) end

--- Make a virtual interface to transit gateways, by a Direct Connect gateway.
---@param params dxconnect.CreateTransitVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateTransitVirtualInterfaceResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_transit_virtual_interface(params, options) end

--- Make a virtual interface to transit gateways, by a Direct Connect gateway.
---@param params dxconnect.CreateTransitVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.CreateTransitVirtualInterfaceResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.create_transit_virtual_interface(params, options) end

--- Remove a BGP session, named by its id or by ASN and address. The last one cannot go.
---@param params? dxconnect.DeleteBGPPeerRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteBGPPeerResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_bgp_peer(params, options) end

--- Remove a BGP session, named by its id or by ASN and address. The last one cannot go.
---@param params? dxconnect.DeleteBGPPeerRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteBGPPeerResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_bgp_peer(params, options) end

--- Give a connection back. Billing of the port ends; the cross connect at the location is a contract of its own.
---@param params dxconnect.DeleteConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_connection(params, options) end

--- Give a connection back. Billing of the port ends; the cross connect at the location is a contract of its own.
---@param params dxconnect.DeleteConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_connection(params, options) end

--- Delete a Direct Connect gateway without attachments and associations.
---@param params dxconnect.DeleteDirectConnectGatewayRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteDirectConnectGatewayResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_direct_connect_gateway(params, options) end

--- Delete a Direct Connect gateway without attachments and associations.
---@param params dxconnect.DeleteDirectConnectGatewayRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteDirectConnectGatewayResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_direct_connect_gateway(params, options) end

--- Part a gateway from a Direct Connect gateway.
---@param params? dxconnect.DeleteDirectConnectGatewayAssociationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteDirectConnectGatewayAssociationResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_direct_connect_gateway_association(params, options) end

--- Part a gateway from a Direct Connect gateway.
---@param params? dxconnect.DeleteDirectConnectGatewayAssociationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteDirectConnectGatewayAssociationResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_direct_connect_gateway_association(params, options) end

--- Withdraw a proposal that was not yet accepted.
---@param params dxconnect.DeleteDirectConnectGatewayAssociationProposalRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteDirectConnectGatewayAssociationProposalResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_direct_connect_gateway_association_proposal(params, options) end

--- Withdraw a proposal that was not yet accepted.
---@param params dxconnect.DeleteDirectConnectGatewayAssociationProposalRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteDirectConnectGatewayAssociationProposalResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_direct_connect_gateway_association_proposal(params, options) end

--- As a partner: give an interconnect back.
---@param params dxconnect.DeleteInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteInterconnectResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_interconnect(params, options) end

--- As a partner: give an interconnect back.
---@param params dxconnect.DeleteInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteInterconnectResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_interconnect(params, options) end

--- Delete a LAG that carries no virtual interface and no hosted connection.
---@param params dxconnect.DeleteLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lag? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_lag(params, options) end

--- Delete a LAG that carries no virtual interface and no hosted connection.
---@param params dxconnect.DeleteLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lag? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_lag(params, options) end

--- Delete a resiliency group; it disappears some time later.
---@param params dxconnect.DeleteResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_resiliency_group(params, options) end

--- Delete a resiliency group; it disappears some time later.
---@param params dxconnect.DeleteResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_resiliency_group(params, options) end

--- Delete a virtual interface. It stays listed as deleted for a quarter of an hour.
---@param params dxconnect.DeleteVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:delete_virtual_interface(params, options) end

--- Delete a virtual interface. It stays listed as deleted for a quarter of an hour.
---@param params dxconnect.DeleteVirtualInterfaceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DeleteVirtualInterfaceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.delete_virtual_interface(params, options) end

--- Older form of describe_loa, for connections only.
---@param params dxconnect.DescribeConnectionLoaRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeConnectionLoaResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_connection_loa(params, options) end

--- Older form of describe_loa, for connections only.
---@param params dxconnect.DescribeConnectionLoaRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeConnectionLoaResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_connection_loa(params, options) end

--- Show one connection, or all connections of this account and region, with state and MACsec keys.
---@param params? dxconnect.DescribeConnectionsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connections? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_connections(params, options) end

--- Show one connection, or all connections of this account and region, with state and MACsec keys.
---@param params? dxconnect.DescribeConnectionsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connections? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_connections(params, options) end

--- Older form of describe_hosted_connections, for interconnects only.
---@param params dxconnect.DescribeConnectionsOnInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connections? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_connections_on_interconnect(params, options) end

--- Older form of describe_hosted_connections, for interconnects only.
---@param params dxconnect.DescribeConnectionsOnInterconnectRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connections? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_connections_on_interconnect(params, options) end

--- As a partner: show which terms this account has agreed to.
---@param params? {}
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeCustomerMetadataResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_customer_metadata(params, options) end

--- As a partner: show which terms this account has agreed to.
---@param params? {}
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeCustomerMetadataResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_customer_metadata(params, options) end

--- Show proposals made by you or to you.
---@param params? dxconnect.DescribeDirectConnectGatewayAssociationProposalsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewayAssociationProposalsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_direct_connect_gateway_association_proposals(params, options) end

--- Show proposals made by you or to you.
---@param params? dxconnect.DescribeDirectConnectGatewayAssociationProposalsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewayAssociationProposalsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_direct_connect_gateway_association_proposals(params, options) end

--- Show which gateways are joined to which Direct Connect gateways, by at least one filter.
---@param params? dxconnect.DescribeDirectConnectGatewayAssociationsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewayAssociationsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_direct_connect_gateway_associations(params, options) end

--- Show which gateways are joined to which Direct Connect gateways, by at least one filter.
---@param params? dxconnect.DescribeDirectConnectGatewayAssociationsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewayAssociationsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_direct_connect_gateway_associations(params, options) end

--- Show which virtual interfaces are attached to a Direct Connect gateway.
---@param params? dxconnect.DescribeDirectConnectGatewayAttachmentsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewayAttachmentsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_direct_connect_gateway_attachments(params, options) end

--- Show which virtual interfaces are attached to a Direct Connect gateway.
---@param params? dxconnect.DescribeDirectConnectGatewayAttachmentsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewayAttachmentsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_direct_connect_gateway_attachments(params, options) end

--- Show one Direct Connect gateway, or all of this account.
---@param params? dxconnect.DescribeDirectConnectGatewaysRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewaysResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_direct_connect_gateways(params, options) end

--- Show one Direct Connect gateway, or all of this account.
---@param params? dxconnect.DescribeDirectConnectGatewaysRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeDirectConnectGatewaysResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_direct_connect_gateways(params, options) end

--- As a partner: show the hosted connections on an interconnect or LAG.
---@param params dxconnect.DescribeHostedConnectionsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connections? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_hosted_connections(params, options) end

--- As a partner: show the hosted connections on an interconnect or LAG.
---@param params dxconnect.DescribeHostedConnectionsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connections? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_hosted_connections(params, options) end

--- Older form of describe_loa, for interconnects only.
---@param params dxconnect.DescribeInterconnectLoaRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeInterconnectLoaResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_interconnect_loa(params, options) end

--- Older form of describe_loa, for interconnects only.
---@param params dxconnect.DescribeInterconnectLoaRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeInterconnectLoaResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_interconnect_loa(params, options) end

--- As a partner: show one interconnect, or all of this account and region.
---@param params? dxconnect.DescribeInterconnectsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Interconnects? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_interconnects(params, options) end

--- As a partner: show one interconnect, or all of this account and region.
---@param params? dxconnect.DescribeInterconnectsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Interconnects? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_interconnects(params, options) end

--- Show one LAG, or all of this account and region, with their connections and MACsec keys.
---@param params? dxconnect.DescribeLagsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lags? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_lags(params, options) end

--- Show one LAG, or all of this account and region, with their connections and MACsec keys.
---@param params? dxconnect.DescribeLagsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lags? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_lags(params, options) end

--- Fetch the letter of authorization that lets a data centre wire the cross connect. The bytes are a PDF.
---@param params dxconnect.DescribeLoaRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Loa? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_loa(params, options) end

--- Fetch the letter of authorization that lets a data centre wire the cross connect. The bytes are a PDF.
---@param params dxconnect.DescribeLoaRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Loa? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_loa(params, options) end

--- Show the locations of this region, with their bandwidths, providers and MACsec bandwidths.
---@param params? {}
---@param options? dxconnect.CallOptions
---@return dxconnect.Locations? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_locations(params, options) end

--- Show the locations of this region, with their bandwidths, providers and MACsec bandwidths.
---@param params? {}
---@param options? dxconnect.CallOptions
---@return dxconnect.Locations? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_locations(params, options) end

--- Fetch the configuration for your router. It holds the BGP key: treat it as a secret.
---@param params dxconnect.DescribeRouterConfigurationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeRouterConfigurationResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_router_configuration(params, options) end

--- Fetch the configuration for your router. It holds the BGP key: treat it as a secret.
---@param params dxconnect.DescribeRouterConfigurationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeRouterConfigurationResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_router_configuration(params, options) end

--- Show the tags of resources, by ARN.
---@param params dxconnect.DescribeTagsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeTagsResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_tags(params, options) end

--- Show the tags of resources, by ARN.
---@param params dxconnect.DescribeTagsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DescribeTagsResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_tags(params, options) end

--- Show the virtual private gateways of this account and region.
---@param params? {}
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualGateways? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_virtual_gateways(params, options) end

--- Show the virtual private gateways of this account and region.
---@param params? {}
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualGateways? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_virtual_gateways(params, options) end

--- Show one virtual interface, those of a connection, or all of this account and region.
---@param params? dxconnect.DescribeVirtualInterfacesRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterfaces? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:describe_virtual_interfaces(params, options) end

--- Show one virtual interface, those of a connection, or all of this account and region.
---@param params? dxconnect.DescribeVirtualInterfacesRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterfaces? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.describe_virtual_interfaces(params, options) end

--- Take a connection out of a LAG; it lives on alone. Its traffic stops meanwhile.
---@param params dxconnect.DisassociateConnectionFromLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:disassociate_connection_from_lag(params, options) end

--- Take a connection out of a LAG; it lives on alone. Its traffic stops meanwhile.
---@param params dxconnect.DisassociateConnectionFromLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.disassociate_connection_from_lag(params, options) end

--- Take connections out of a resiliency group.
---@param params dxconnect.DisassociateConnectionsFromResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DisassociateConnectionsFromResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:disassociate_connections_from_resiliency_group(params, options) end

--- Take connections out of a resiliency group.
---@param params dxconnect.DisassociateConnectionsFromResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DisassociateConnectionsFromResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.disassociate_connections_from_resiliency_group(params, options) end

--- Take a MACsec key off a connection, LAG or interconnect, named by its secret.
---@param params dxconnect.DisassociateMacSecKeyRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DisassociateMacSecKeyResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:disassociate_mac_sec_key(params, options) end

--- Take a MACsec key off a connection, LAG or interconnect, named by its secret.
---@param params dxconnect.DisassociateMacSecKeyRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.DisassociateMacSecKeyResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.disassociate_mac_sec_key(params, options) end

--- Show a resiliency group.
---@param params dxconnect.GetResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.GetResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:get_resiliency_group(params, options) end

--- Show a resiliency group.
---@param params dxconnect.GetResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.GetResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.get_resiliency_group(params, options) end

--- Show the connections of a resiliency group.
---@param params dxconnect.ListResiliencyGroupAssociationsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListResiliencyGroupAssociationsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:list_resiliency_group_associations(params, options) end

--- Show the connections of a resiliency group.
---@param params dxconnect.ListResiliencyGroupAssociationsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListResiliencyGroupAssociationsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.list_resiliency_group_associations(params, options) end

--- Show the resiliency groups of this account and region.
---@param params? dxconnect.ListResiliencyGroupsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListResiliencyGroupsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:list_resiliency_groups(params, options) end

--- Show the resiliency groups of this account and region.
---@param params? dxconnect.ListResiliencyGroupsRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListResiliencyGroupsResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.list_resiliency_groups(params, options) end

--- Show the routes that a virtual interface accepted or advertised.
---@param params? dxconnect.ListVirtualInterfaceRoutesRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListVirtualInterfaceRoutesResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:list_virtual_interface_routes(params, options) end

--- Show the routes that a virtual interface accepted or advertised.
---@param params? dxconnect.ListVirtualInterfaceRoutesRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListVirtualInterfaceRoutesResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.list_virtual_interface_routes(params, options) end

--- Show failover tests that ran on a virtual interface.
---@param params? dxconnect.ListVirtualInterfaceTestHistoryRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListVirtualInterfaceTestHistoryResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:list_virtual_interface_test_history(params, options) end

--- Show failover tests that ran on a virtual interface.
---@param params? dxconnect.ListVirtualInterfaceTestHistoryRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.ListVirtualInterfaceTestHistoryResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.list_virtual_interface_test_history(params, options) end

--- Take BGP sessions of a virtual interface down on purpose, to see your other paths take over.
---@param params dxconnect.StartBgpFailoverTestRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.StartBgpFailoverTestResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:start_bgp_failover_test(params, options) end

--- Take BGP sessions of a virtual interface down on purpose, to see your other paths take over.
---@param params dxconnect.StartBgpFailoverTestRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.StartBgpFailoverTestResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.start_bgp_failover_test(params, options) end

--- End a failover test early.
---@param params dxconnect.StopBgpFailoverTestRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.StopBgpFailoverTestResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:stop_bgp_failover_test(params, options) end

--- End a failover test early.
---@param params dxconnect.StopBgpFailoverTestRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.StopBgpFailoverTestResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.stop_bgp_failover_test(params, options) end

--- Set tags on a resource; a key that is there gets the new value.
---@param params dxconnect.TagResourceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.TagResourceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:tag_resource(params, options) end

--- Set tags on a resource; a key that is there gets the new value.
---@param params dxconnect.TagResourceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.TagResourceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.tag_resource(params, options) end

--- Remove tags from a resource, by key.
---@param params dxconnect.UntagResourceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UntagResourceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:untag_resource(params, options) end

--- Remove tags from a resource, by key.
---@param params dxconnect.UntagResourceRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UntagResourceResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.untag_resource(params, options) end

--- Rename a connection or change its MACsec encryption mode.
---@param params dxconnect.UpdateConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_connection(params, options) end

--- Rename a connection or change its MACsec encryption mode.
---@param params dxconnect.UpdateConnectionRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Connection? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_connection(params, options) end

--- Change how dedicated connections at a location are billed. A connection can be changed three times in six months.
---@param params dxconnect.UpdateConnectionsBillingModeRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateConnectionsBillingModeResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_connections_billing_mode(params, options) end

--- Change how dedicated connections at a location are billed. A connection can be changed three times in six months.
---@param params dxconnect.UpdateConnectionsBillingModeRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateConnectionsBillingModeResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_connections_billing_mode(params, options) end

--- Rename a Direct Connect gateway.
---@param params dxconnect.UpdateDirectConnectGatewayRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateDirectConnectGatewayResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_direct_connect_gateway(params, options) end

--- Rename a Direct Connect gateway.
---@param params dxconnect.UpdateDirectConnectGatewayRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateDirectConnectGatewayResponse? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_direct_connect_gateway(params, options) end

--- Change which prefixes an association announces. Removing some interrupts their traffic.
---@param params? dxconnect.UpdateDirectConnectGatewayAssociationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateDirectConnectGatewayAssociationResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_direct_connect_gateway_association(params, options) end

--- Change which prefixes an association announces. Removing some interrupts their traffic.
---@param params? dxconnect.UpdateDirectConnectGatewayAssociationRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateDirectConnectGatewayAssociationResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_direct_connect_gateway_association(params, options) end

--- Change a LAG's name, minimum of working links or MACsec encryption mode.
---@param params dxconnect.UpdateLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lag? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_lag(params, options) end

--- Change a LAG's name, minimum of working links or MACsec encryption mode.
---@param params dxconnect.UpdateLagRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.Lag? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_lag(params, options) end

--- Rename a resiliency group.
---@param params dxconnect.UpdateResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_resiliency_group(params, options) end

--- Rename a resiliency group.
---@param params dxconnect.UpdateResiliencyGroupRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.UpdateResiliencyGroupResult? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_resiliency_group(params, options) end

--- Change a virtual interface's name, MTU, SiteLink, prefix pool or rate limit. A change of MTU interrupts its traffic.
---@param params dxconnect.UpdateVirtualInterfaceAttributesRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:update_virtual_interface_attributes(params, options) end

--- Change a virtual interface's name, MTU, SiteLink, prefix pool or rate limit. A change of MTU interrupts its traffic.
---@param params dxconnect.UpdateVirtualInterfaceAttributesRequest
---@param options? dxconnect.CallOptions
---@return dxconnect.VirtualInterface? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function dxconnect.update_virtual_interface_attributes(params, options) end

return dxconnect
