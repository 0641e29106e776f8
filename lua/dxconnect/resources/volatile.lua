--- Members that change without anything having changed: a comparison of two inventories leaves them out. Data.
return { "requestId", "loaIssueTime", "loaContent", "customerRouterConfig", "nextToken" }
