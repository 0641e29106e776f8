--- The first page of the help, and the operations that the model had then. Written by `make docs`.
-- luacheck: no max line length

return {
  methods = "accept_direct_connect_gateway_association_proposal allocate_connection_on_interconnect allocate_hosted_connection allocate_private_virtual_interface allocate_public_virtual_interface allocate_transit_virtual_interface associate_connection_with_lag associate_connections_to_resiliency_group associate_hosted_connection associate_mac_sec_key associate_virtual_interface confirm_connection confirm_customer_agreement confirm_private_virtual_interface confirm_public_virtual_interface confirm_transit_virtual_interface create_bgp_peer create_connection create_direct_connect_gateway create_direct_connect_gateway_association create_direct_connect_gateway_association_proposal create_interconnect create_lag create_private_virtual_interface create_public_virtual_interface create_resiliency_group create_transit_virtual_interface delete_bgp_peer delete_connection delete_direct_connect_gateway delete_direct_connect_gateway_association delete_direct_connect_gateway_association_proposal delete_interconnect delete_lag delete_resiliency_group delete_virtual_interface describe_connection_loa describe_connections describe_connections_on_interconnect describe_customer_metadata describe_direct_connect_gateway_association_proposals describe_direct_connect_gateway_associations describe_direct_connect_gateway_attachments describe_direct_connect_gateways describe_hosted_connections describe_interconnect_loa describe_interconnects describe_lags describe_loa describe_locations describe_router_configuration describe_tags describe_virtual_gateways describe_virtual_interfaces disassociate_connection_from_lag disassociate_connections_from_resiliency_group disassociate_mac_sec_key get_resiliency_group list_resiliency_group_associations list_resiliency_groups list_virtual_interface_routes list_virtual_interface_test_history start_bgp_failover_test stop_bgp_failover_test tag_resource untag_resource update_connection update_connections_billing_mode update_direct_connect_gateway update_direct_connect_gateway_association update_lag update_resiliency_group update_virtual_interface_attributes",
  text = [==[
dxconnect: the AWS Direct Connect API

  local client = assert(dxconnect.client{ region = "us-east-1" })
  local result, err = client:OPERATION{ ... }
  or, on a client made at first use, dxconnect.OPERATION{ ... }

  help(name) tells more: an operation in either spelling, a topic, a shape, a
  function, an option, a state to wait for, "options", "errors", "retries",
  "waiters", "meta", "command", or a word to look for.

Connections
  allocate_connection_on_interconnect
                               Older form of allocate_hosted_connection, for
                               interconnects only.
  allocate_hosted_connection   As a partner: hand a customer a connection with a
                               VLAN and bandwidth of its own, carried by one of
                               your interconnects or LAGs.
  associate_hosted_connection  Move a hosted connection, with its virtual
                               interfaces, onto another interconnect or LAG.
  confirm_connection           Accept a hosted connection that a partner made
                               for you.
  create_connection            Order a dedicated port at a location.
  delete_connection            Give a connection back.
  describe_connection_loa      Older form of describe_loa, for connections only.
  describe_connections         Show one connection, or all connections of this
                               account and region, with state and MACsec keys.
  describe_connections_on_interconnect
                               Older form of describe_hosted_connections, for
                               interconnects only.
  describe_hosted_connections  As a partner: show the hosted connections on an
                               interconnect or LAG.
  describe_loa                 Fetch the letter of authorization that lets a
                               data centre wire the cross connect.
  update_connection            Rename a connection or change its MACsec
                               encryption mode.
  update_connections_billing_mode
                               Change how dedicated connections at a location
                               are billed.
  (topic "connection")

Link aggregation groups (LAGs)
  associate_connection_with_lag  Put a dedicated connection into a LAG.
  create_lag                     Bundle ports: order new ones, and with
                                 connectionId take an existing connection in,
                                 whose traffic stops meanwhile.
  delete_lag                     Delete a LAG that carries no virtual interface
                                 and no hosted connection.
  describe_lags                  Show one LAG, or all of this account and
                                 region, with their connections and MACsec keys.
  disassociate_connection_from_lag
                                 Take a connection out of a LAG; it lives on
                                 alone.
  update_lag                     Change a LAG's name, minimum of working links
                                 or MACsec encryption mode.
  (topic "lag")

Interconnects, for partners
  create_interconnect        As a partner: order a port on which connections of
                             customers can be hosted.
  delete_interconnect        As a partner: give an interconnect back.
  describe_interconnect_loa  Older form of describe_loa, for interconnects only.
  describe_interconnects     As a partner: show one interconnect, or all of this
                             account and region.
  (topic "interconnect")

MACsec keys
  associate_mac_sec_key     Put a MACsec key onto a dedicated connection, LAG or
                            interconnect: either a new pair of key name (CKN)
                            and key (CAK), or the secret that an earlier
                            association made.
  disassociate_mac_sec_key  Take a MACsec key off a connection, LAG or
                            interconnect, named by its secret.
  rotate_mac_sec_key        a new MACsec key in, the old ones out, traffic
                            encrypted throughout
  macsec.generate           a new CKN and CAK from the operating system's random
                            source
  macsec.audit              every port that can do MACsec, its keys and what is
                            wrong with them
  macsec.rotate_all         new MACsec keys for all ports of several clients
                            that are due
  (topic "macsec")

Virtual interfaces
  allocate_private_virtual_interface
                                 Make a private virtual interface on your
                                 connection for another account, which confirms
                                 it.
  allocate_public_virtual_interface
                                 Make a public virtual interface on your
                                 connection for another account, which confirms
                                 it.
  allocate_transit_virtual_interface
                                 Make a transit virtual interface on your
                                 connection for another account, which confirms
                                 it.
  associate_virtual_interface    Move a virtual interface to another connection
                                 or LAG.
  confirm_private_virtual_interface
                                 Accept a private virtual interface made for you
                                 and attach it to a gateway.
  confirm_public_virtual_interface
                                 Accept a public virtual interface made for you.
  confirm_transit_virtual_interface
                                 Accept a transit virtual interface made for you
                                 and attach it to a Direct Connect gateway.
  create_private_virtual_interface
                                 Make a virtual interface into VPCs, by a
                                 virtual private gateway or a Direct Connect
                                 gateway.
  create_public_virtual_interface
                                 Make a virtual interface to the public
                                 addresses of AWS.
  create_transit_virtual_interface
                                 Make a virtual interface to transit gateways,
                                 by a Direct Connect gateway.
  delete_virtual_interface       Delete a virtual interface.
  describe_router_configuration  Fetch the configuration for your router.
  describe_virtual_interfaces    Show one virtual interface, those of a
                                 connection, or all of this account and region.
  list_virtual_interface_routes  Show the routes that a virtual interface
                                 accepted or advertised.
  update_virtual_interface_attributes
                                 Change a virtual interface's name, MTU,
                                 SiteLink, prefix pool or rate limit.
  (topic "virtual_interface")

BGP sessions and failover tests
  create_bgp_peer          Add a BGP session to a virtual interface: the other
                           address family, or one more session.
  delete_bgp_peer          Remove a BGP session, named by its id or by ASN and
                           address.
  list_virtual_interface_test_history
                           Show failover tests that ran on a virtual interface.
  start_bgp_failover_test  Take BGP sessions of a virtual interface down on
                           purpose, to see your other paths take over.
  stop_bgp_failover_test   End a failover test early.
  (topic "bgp")

Direct Connect gateways and virtual gateways
  accept_direct_connect_gateway_association_proposal
                                 As the owner of the Direct Connect gateway:
                                 accept another account's proposal to attach its
                                 gateway.
  create_direct_connect_gateway  Make a Direct Connect gateway, which joins
                                 virtual interfaces to gateways in any region.
  create_direct_connect_gateway_association
                                 Join a virtual private or transit gateway to a
                                 Direct Connect gateway.
  create_direct_connect_gateway_association_proposal
                                 Ask the owner of a Direct Connect gateway to
                                 let your gateway join it.
  delete_direct_connect_gateway  Delete a Direct Connect gateway without
                                 attachments and associations.
  delete_direct_connect_gateway_association
                                 Part a gateway from a Direct Connect gateway.
  delete_direct_connect_gateway_association_proposal
                                 Withdraw a proposal that was not yet accepted.
  describe_direct_connect_gateway_association_proposals
                                 Show proposals made by you or to you.
  describe_direct_connect_gateway_associations
                                 Show which gateways are joined to which Direct
                                 Connect gateways, by at least one filter.
  describe_direct_connect_gateway_attachments
                                 Show which virtual interfaces are attached to a
                                 Direct Connect gateway.
  describe_direct_connect_gateways
                                 Show one Direct Connect gateway, or all of this
                                 account.
  describe_virtual_gateways      Show the virtual private gateways of this
                                 account and region.
  update_direct_connect_gateway  Rename a Direct Connect gateway.
  update_direct_connect_gateway_association
                                 Change which prefixes an association announces.
  (topic "gateway")

Resiliency groups
  associate_connections_to_resiliency_group
                           Put up to 50 connections into a resiliency group, all
                           of them or none.
  create_resiliency_group  Make a group of connections that is meant to reach a
                           given level of resiliency.
  delete_resiliency_group  Delete a resiliency group; it disappears some time
                           later.
  disassociate_connections_from_resiliency_group
                           Take connections out of a resiliency group.
  get_resiliency_group     Show a resiliency group.
  list_resiliency_group_associations
                           Show the connections of a resiliency group.
  list_resiliency_groups   Show the resiliency groups of this account and
                           region.
  update_resiliency_group  Rename a resiliency group.
  (topic "resiliency_group")

Tags
  describe_tags   Show the tags of resources, by ARN.
  tag_resource    Set tags on a resource; a key that is there gets the new
                  value.
  untag_resource  Remove tags from a resource, by key.
  (topic "tag")

Locations, agreements
  confirm_customer_agreement  As a partner: agree to the terms for hosting
                              connections.
  describe_customer_metadata  As a partner: show which terms this account has
                              agreed to.
  describe_locations          Show the locations of this region, with their
                              bandwidths, providers and MACsec bandwidths.
  (topic "account")

The module and clients
  client          a client with settings, credentials and connections of its own
  credentials     the keys in use and where they came from
  explain         every setting, its value and where it came from
  close           ends a client's connections and wipes its keys
  endpoint        where a client with these options would send its calls
  config.capture  keeps the environment, for nginx's init_by_lua
  model           operations and shapes as data
  help            this text

Calls
  call       any operation by its name, in either spelling
  prepare    the signed request, not sent
  send       one signed call to another AWS service
  sign       Signature Version 4 for any HTTP request
  log        a logger that prints a line for each attempt, retry, wait and
             renewal
  transport  the real transport as a function, for a transport of your own to
             call

Many calls
  pages     a list, page by page
  items     a list, item by item, over all pages
  all       every page of a list joined into one result
  batch     many calls in flight at once, results in order
  map       one operation over a list of parameters, like batch
  progress  a progress bar for batch and map
  parallel  functions side by side; calls of all clients in them overlap
  loop      the scheduler, driven by an event loop of yours
  sleep     waits: in a task, inside nginx, or blocking, whichever fits

Waiting, and creating once
  wait_until   polls until a resource has reached a state
  waiters      the states that wait_until knows
  create_once  a create operation that nothing doubles: no fault, no crash, no
               second run

MACsec keys and secrets
  rotate_mac_sec_key  a new MACsec key in, the old ones out, traffic encrypted
                      throughout
  macsec.generate     a new CKN and CAK from the operating system's random
                      source
  macsec.audit        every port that can do MACsec, its keys and what is wrong
                      with them
  macsec.rotate_all   new MACsec keys for all ports of several clients that are
                      due
  secret              a value in locked memory, wiped when it is no longer used;
                      prints as <secret>
  secret.from_file    a secret from a file; one line end at its end is dropped
  secret.from_env     a secret from an environment variable

Field work
  failover_test              a BGP failover test with a look before, a watch
                             beside and a wait after it
  save_loa                   the letter of authorization (LOA-CFA) of a port as
                             a file
  save_router_configuration  the configuration of a router for a virtual
                             interface as a file
  routers                    the router types that are known, for
                             save_router_configuration

Inventories
  inventory             everything of several accounts and regions as one value
  inventory.load        an inventory from what inventory:json() gave
  inventory.rules       the rules of inventory:assess, as data
  inventory:find        the resource with an id
  inventory:each        the resources that fit every filter
  inventory:linked      the resources that are linked with one, in either
                        direction
  inventory:json        the inventory as a file to keep
  inventory:csv         a line of CSV for each resource
  inventory:dot         resources and links as a graph for Graphviz
  inventory:svg         a picture of the estate that needs nothing beside it
  inventory:diff        what changed between two inventories
  inventory:assess      what a careful engineer would point at
  inventory:resiliency  the level of resiliency of a gateway's paths
  inventory:metrics     the inventory as Prometheus text
  watch                 reads again and again, and tells what changed
  watch:stop            ends a watch

Text
  json   JSON of a result, or of any table
  table  a list as a table of columns
  csv    a list as CSV

Testing
  record                 a transport that keeps what goes over the wire in a
                         file
  replay                 a transport that answers from what was recorded
  stub                   a transport of hand-made answers
  emulator               a Direct Connect of one's own, for tests
  emulator:serve         serves the emulator over HTTP until it is stopped
  emulator:stop          ends emulator:serve
  emulator:fault         orders what is to go wrong, with which operation, how
                         often
  emulator:clear_faults  calls all faults off
  emulator:seed          fills the emulator
  emulator:reset         empties the emulator, its faults and its log, and sets
                         its clock back
  emulator:save          writes the emulator's world to a file
  emulator:advance       moves the emulator's time ahead
  emulator:set_time      sets the emulator's time, in Unix seconds; never
                         backwards
  emulator:now           the emulator's time, in Unix seconds
  emulator:get           what the emulator holds under an id
  emulator:set           sets members of anything that has an id
  emulator:count         how many requests there were
  emulator:requests      the last requests, oldest first]==],
}
