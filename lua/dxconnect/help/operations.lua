--- What each operation does, in a sentence or two: method = text. A new operation of the model works without an entry
-- here; the help then says less about it.

return {
  -- connections
  allocate_connection_on_interconnect = "Older form of allocate_hosted_connection, for interconnects only.",
  allocate_hosted_connection = "As a partner: hand a customer a connection with a VLAN and bandwidth of its own, "
    .. "carried by one of your interconnects or LAGs. The customer confirms it.",
  associate_hosted_connection = "Move a hosted connection, with its virtual interfaces, onto another interconnect "
    .. "or LAG. Its traffic stops while it moves.",
  confirm_connection = "Accept a hosted connection that a partner made for you. Billing begins with it.",
  create_connection = "Order a dedicated port at a location. The order is billed once the port is up, or 90 days "
    .. "later.",
  delete_connection = "Give a connection back. Billing of the port ends; the cross connect at the location is a "
    .. "contract of its own.",
  describe_connection_loa = "Older form of describe_loa, for connections only.",
  describe_connections = "Show one connection, or all connections of this account and region, with state and "
    .. "MACsec keys.",
  describe_connections_on_interconnect = "Older form of describe_hosted_connections, for interconnects only.",
  describe_hosted_connections = "As a partner: show the hosted connections on an interconnect or LAG.",
  describe_loa = "Fetch the letter of authorization that lets a data centre wire the cross connect. The bytes are "
    .. "a PDF.",
  update_connection = "Rename a connection or change its MACsec encryption mode.",
  update_connections_billing_mode = "Change how dedicated connections at a location are billed. A connection can "
    .. "be changed three times in six months.",

  -- LAGs
  associate_connection_with_lag = "Put a dedicated connection into a LAG. Bandwidth and location must match; its "
    .. "traffic stops meanwhile.",
  create_lag = "Bundle ports: order new ones, and with connectionId take an existing connection in, whose traffic "
    .. "stops meanwhile.",
  delete_lag = "Delete a LAG that carries no virtual interface and no hosted connection.",
  describe_lags = "Show one LAG, or all of this account and region, with their connections and MACsec keys.",
  disassociate_connection_from_lag = "Take a connection out of a LAG; it lives on alone. Its traffic stops "
    .. "meanwhile.",
  update_lag = "Change a LAG's name, minimum of working links or MACsec encryption mode.",

  -- interconnects
  create_interconnect = "As a partner: order a port on which connections of customers can be hosted.",
  delete_interconnect = "As a partner: give an interconnect back.",
  describe_interconnect_loa = "Older form of describe_loa, for interconnects only.",
  describe_interconnects = "As a partner: show one interconnect, or all of this account and region.",

  -- MACsec
  associate_mac_sec_key = "Put a MACsec key onto a dedicated connection, LAG or interconnect: either a new pair of "
    .. "key name (CKN) and key (CAK), or the secret that an earlier association made.",
  disassociate_mac_sec_key = "Take a MACsec key off a connection, LAG or interconnect, named by its secret.",

  -- virtual interfaces
  allocate_private_virtual_interface = "Make a private virtual interface on your connection for another account, "
    .. "which confirms it.",
  allocate_public_virtual_interface = "Make a public virtual interface on your connection for another account, "
    .. "which confirms it.",
  allocate_transit_virtual_interface = "Make a transit virtual interface on your connection for another account, "
    .. "which confirms it.",
  associate_virtual_interface = "Move a virtual interface to another connection or LAG. Its traffic stops meanwhile.",
  confirm_private_virtual_interface = "Accept a private virtual interface made for you and attach it to a gateway.",
  confirm_public_virtual_interface = "Accept a public virtual interface made for you.",
  confirm_transit_virtual_interface = "Accept a transit virtual interface made for you and attach it to a Direct "
    .. "Connect gateway.",
  create_private_virtual_interface = "Make a virtual interface into VPCs, by a virtual private gateway or a Direct "
    .. "Connect gateway.",
  create_public_virtual_interface = "Make a virtual interface to the public addresses of AWS.",
  create_transit_virtual_interface = "Make a virtual interface to transit gateways, by a Direct Connect gateway.",
  delete_virtual_interface = "Delete a virtual interface. It stays listed as deleted for a quarter of an hour.",
  describe_router_configuration = "Fetch the configuration for your router. It holds the BGP key: treat it as a "
    .. "secret.",
  describe_virtual_interfaces = "Show one virtual interface, those of a connection, or all of this account and "
    .. "region.",
  list_virtual_interface_routes = "Show the routes that a virtual interface accepted or advertised.",
  update_virtual_interface_attributes = "Change a virtual interface's name, MTU, SiteLink, prefix pool or rate "
    .. "limit. A change of MTU interrupts its traffic.",

  -- BGP
  create_bgp_peer = "Add a BGP session to a virtual interface: the other address family, or one more session.",
  delete_bgp_peer = "Remove a BGP session, named by its id or by ASN and address. The last one cannot go.",
  list_virtual_interface_test_history = "Show failover tests that ran on a virtual interface.",
  start_bgp_failover_test = "Take BGP sessions of a virtual interface down on purpose, to see your other paths "
    .. "take over.",
  stop_bgp_failover_test = "End a failover test early.",

  -- gateways
  accept_direct_connect_gateway_association_proposal = "As the owner of the Direct Connect gateway: accept another "
    .. "account's proposal to attach its gateway.",
  create_direct_connect_gateway = "Make a Direct Connect gateway, which joins virtual interfaces to gateways in "
    .. "any region.",
  create_direct_connect_gateway_association = "Join a virtual private or transit gateway to a Direct Connect "
    .. "gateway. This can take three quarters of an hour.",
  create_direct_connect_gateway_association_proposal = "Ask the owner of a Direct Connect gateway to let your "
    .. "gateway join it.",
  delete_direct_connect_gateway = "Delete a Direct Connect gateway without attachments and associations.",
  delete_direct_connect_gateway_association = "Part a gateway from a Direct Connect gateway.",
  delete_direct_connect_gateway_association_proposal = "Withdraw a proposal that was not yet accepted.",
  describe_direct_connect_gateway_association_proposals = "Show proposals made by you or to you.",
  describe_direct_connect_gateway_associations = "Show which gateways are joined to which Direct Connect gateways, "
    .. "by at least one filter.",
  describe_direct_connect_gateway_attachments = "Show which virtual interfaces are attached to a Direct Connect "
    .. "gateway.",
  describe_direct_connect_gateways = "Show one Direct Connect gateway, or all of this account.",
  describe_virtual_gateways = "Show the virtual private gateways of this account and region.",
  update_direct_connect_gateway = "Rename a Direct Connect gateway.",
  update_direct_connect_gateway_association = "Change which prefixes an association announces. Removing some "
    .. "interrupts their traffic.",

  -- resiliency groups
  associate_connections_to_resiliency_group = "Put up to 50 connections into a resiliency group, all of them or "
    .. "none.",
  create_resiliency_group = "Make a group of connections that is meant to reach a given level of resiliency.",
  delete_resiliency_group = "Delete a resiliency group; it disappears some time later.",
  disassociate_connections_from_resiliency_group = "Take connections out of a resiliency group.",
  get_resiliency_group = "Show a resiliency group.",
  list_resiliency_group_associations = "Show the connections of a resiliency group.",
  list_resiliency_groups = "Show the resiliency groups of this account and region.",
  update_resiliency_group = "Rename a resiliency group.",

  -- tags
  describe_tags = "Show the tags of resources, by ARN.",
  tag_resource = "Set tags on a resource; a key that is there gets the new value.",
  untag_resource = "Remove tags from a resource, by key.",

  -- the account
  confirm_customer_agreement = "As a partner: agree to the terms for hosting connections.",
  describe_customer_metadata = "As a partner: show which terms this account has agreed to.",
  describe_locations = "Show the locations of this region, with their bandwidths, providers and MACsec bandwidths.",
}
