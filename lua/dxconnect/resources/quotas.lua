--- The service's quotas, by what they count. Data, from the service's documentation.
-- All are defaults that the service may raise for an account.

return {
  connections_per_location = 10, -- of an account in a region
  lags = 10, -- of an account in a region
  links_per_lag = 4, -- below 100 Gbps
  fast_links_per_lag = 2, -- from 100 Gbps
  interfaces_per_port = 51, -- of a dedicated connection or a LAG
  private_and_public_interfaces_per_connection = 50,
  transit_interfaces_per_connection = 4,
  interfaces_per_hosted_connection = 1,
  rate_limiters_per_connection = 10,
  gateways = 200, -- of an account
  interfaces_per_gateway = 30,
  virtual_private_gateways_per_gateway = 20,
  transit_gateways_per_gateway = 6,
  gateways_per_transit_gateway = 20,
  prefixes_per_interface = 1000, -- inbound, of an address family
  prefixes_per_gateway = 10000, -- both address families together
  route_filter_prefixes_per_interface = 1000, -- of a public interface
  prefixes_per_transit_gateway = 200, -- outbound, of an association
  mac_sec_keys_per_port = 3,
  tags_per_resource = 50,
}
