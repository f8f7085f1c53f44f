// Package wss is WS-Security as KOMBIT's services use it (OIO IDWS SOAP 1.1, suite Basic256Sha256): it signs SOAP
// messages with a certificate, proves the answers, and reads SAML assertions that a token service has signed.
//
// # Signing
//
// Signing.Sign adds a wsse:Security header to an envelope: a timestamp, what names the key, and a signature over the
// body, the addressing headers, the timestamp and the token. The key is named by the certificate itself
// (BinarySecurityToken: requests to the token service, answers of services), by its subject key identifier (answers
// of the token service) or by an assertion that is bound to it (requests to services). An assertion is put in byte
// for byte as it was issued.
//
// # Proving
//
// A Verifier proves answers, Prove is underneath it. Each message is parsed once. What the signature covers is
// compared by identity of elements in that one tree, at their places as direct children of Envelope and Header, and
// what the caller gets is made of the same elements: a signed body that was moved elsewhere proves nothing. A
// certificate in a message is never trusted because it is there; it must be one of those that are configured. Only
// exclusive canonicalization, SHA-256 and RSA (PKCS #1 v1.5, 2048 bits and more) are known; anything else is refused.
//
// A fault needs no proof, because it can only make a call fail.
//
// # Reading this package
//
// names.go holds the URIs. dsig.go is XML Signature itself, read strictly. prove.go is the proof of an envelope,
// verifier.go what a client asks of it; sign.go writes. assertion.go reads assertions, identity.go certificates.
// channel.go joins signing, tokens and proof for package soap.
package wss
