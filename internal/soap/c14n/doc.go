// Package c14n reads an XML message so that signatures over it can be checked, and writes elements as exclusive canonical
// XML (https://www.w3.org/TR/xml-exc-c14n/, without comments): the bytes that a digest is computed from.
//
// It differs from package xmltree in what it keeps: prefixes, namespace declarations, the white space between elements,
// and where each element stands in the bytes. Element.Tree turns an element into an xmltree.Node, so that what a
// signature was verified over is what the program goes on with; nothing is parsed a second time.
//
// # Why not goxmldsig and etree
//
// They were tried first (goxmldsig 1.6.1, etree 1.8.1), and a message of FK Organisation can be one that they
// canonicalize otherwise than the specification says:
//
//   - attributes of two namespaces are ordered by local name, not by namespace;
//   - a prefix of PrefixList that an ancestor of the signed element declares is left out, though WSS4J's lists name just such
//     prefixes, and #default is not known;
//   - a tab or a line break that stands in an attribute's value is kept where the specification of XML makes it a space;
//   - of two attributes with the same name the last one wins silently.
//
// Canonicalizing destroys their tree and copies it twice as well, and an answer may be 6 MB.
//
// # What is refused
//
// What package xmlscan refuses, which reads the tokens: whatever is not well-formed XML with namespaces, and what no SOAP
// message may hold.
package c14n
