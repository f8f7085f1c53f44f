// Package xmlscan reads the XML that a SOAP message may hold, one token at a time, and refuses everything else. Both readers
// of messages are built on it, package xmltree and package c14n, so that what a signature is checked over and what the program
// goes on with cannot be read in two ways.
//
// # What is accepted
//
// XML 1.0 (fifth edition) with Namespaces in XML 1.0 in UTF-8: elements, attributes, text, CDATA sections, comments, character
// references, the five predefined entities, and an XML declaration at the very beginning. A Scanner gives tokens as a
// conforming parser does: line ends are line feeds (2.11), white space in attributes is spaces (3.3.3), text on both sides of
// a comment or a CDATA section is one text, every name has its namespace.
//
// # What is refused
//
// Document type declarations (and with them every entity but the predefined ones) and processing instructions, which SOAP 1.2
// forbids; other encodings; whatever is not well-formed or not namespace-well-formed; and what no honest message has: more than
// MaxDepth elements inside each other, MaxAttributes in one tag, MaxDeclarations of prefixes in force at once. The last
// three bound the work that a message can ask for.
//
// # Why it is our own
//
// Code that checks signatures wants a reader that is strict, and answers of 6 MB one that is fast. Looked at were:
//
//   - encoding/xml: prefixes that nobody declared pass and become the namespace, as do attributes that occur twice or follow
//     each other without white space, "--" in comments and text outside the root; attribute values are not normalised. Half of the
//     time of a full read of FK Organisation went into it.
//   - github.com/mattermost/xml-roundtrip-validator (Apache-2.0) finds what encoding/xml would write otherwise than it read.
//     It runs encoding/xml twice, and does not refuse the above.
//   - github.com/muktihari/xmltokenizer (BSD), github.com/orisano/gosax (MIT), github.com/tdewolff/parse/xml (MIT): fast and well
//     kept, but lexers: no namespaces, no check of end tags, characters, names or double attributes.
//   - github.com/HBTGmbH/gosaxml (MIT): knows namespaces, but rewrites prefixes, which signatures depend on.
//   - github.com/bored-engineer/fastxml (MIT): its own page says never to use it for SAML.
//
// # Memory
//
// The message is copied once; names and nearly all texts are pieces of that copy and keep it in memory. Whoever keeps a few
// texts of a message for long should clone them (strings.Clone).
package xmlscan
