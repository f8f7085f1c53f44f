// Package soap sends SOAP 1.2 requests with WS-Addressing headers over HTTP, as KOMBIT's services want them.
//
// It knows envelopes, headers, faults and what a failed call means; what the body says is the caller's business:
// bodies go in as bytes and come out as a tree of elements. The package has three parts that can be used one by one, because message security
// belongs between them: Envelope builds what is sent, Client.Call carries it, Open takes an answer apart.
//
// The question that matters after a failed write is whether it may have happened all the same. Every error of
// Client.Call answers it: see Outcome.
package soap
