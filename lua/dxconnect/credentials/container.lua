return { new = function(context) return { name = "profile", get = function() return nil, nil, "not yet" end, close = function() end } end }
