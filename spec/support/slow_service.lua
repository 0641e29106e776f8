--- Configuration of an nginx that is a service: it answers after a while on one port, at once on another, and tells on
-- a third what it counted. Three %d are the ports.

return [[
  keepalive_requests 100000;
  init_by_lua_block {
    stats = { current = 0, most = 0, total = 0, connections = 0, credentials = 0 }
    seen = {}
    function enter(seconds)
      stats.current, stats.total = stats.current + 1, stats.total + 1
      stats.most = math.max(stats.most, stats.current)
      if not seen[ngx.var.connection] then
        seen[ngx.var.connection] = true
        stats.connections = stats.connections + 1
      end
      if seconds then ngx.sleep(seconds) end
      stats.current = stats.current - 1
    end
    function answer(body)
      ngx.header["content-type"] = "application/x-amz-json-1.1"
      ngx.header["content-length"] = #body
      ngx.print(body)
    end
  }
  server {
    listen 127.0.0.1:%d;
    location / { content_by_lua_block { enter(0.2) answer('{"locations":[]}') } }
  }
  server {
    listen 127.0.0.1:%d;
    location / { content_by_lua_block { enter() answer('{"locations":[]}') } }
    location = /sts {
      content_by_lua_block {
        ngx.req.read_body()
        local form = ngx.req.get_post_args()
        ngx.print("<r><Credentials><AccessKeyId>ASIA" .. form.ExternalId .. "</AccessKeyId><SecretAccessKey>s"
          .. "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
          .. "</Credentials></r>")
      }
    }
    location = /credentials {
      content_by_lua_block {
        stats.credentials = stats.credentials + 1
        ngx.sleep(0.05)
        answer('{"AccessKeyId":"AKIDCONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}')
      }
    }
  }
  server {
    listen 127.0.0.1:%d;
    location / {
      content_by_lua_block {
        ngx.print(require("cjson").encode(stats))
        stats.most, stats.total, stats.connections, stats.credentials = 0, 0, 0, 0
        seen = {}
      }
    }
  }
]]
