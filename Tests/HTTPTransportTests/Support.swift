// The suites of HTTPTransport.
