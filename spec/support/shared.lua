--- What the code that specs run inside nginx keeps from one request to the next, in each worker.

return {}
