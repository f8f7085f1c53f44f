// Package xmltree reads and writes XML as a small tree of elements.
//
// Two sides need it: the client of FK Organisation, which must send back unharmed what other systems wrote into an
// object, and the stand-in server, which stores what it is given. Both want elements with their real namespaces and no
// opinion about them. encoding/xml's struct tags can do neither: they drop what they do not know.
//
// What the tree keeps: element and attribute names with namespace, attribute values, text. What it drops: comments,
// prefixes, and white space between elements. Package xmlscan reads the tokens and says what is refused. Texts are pieces of one
// copy of the document: whoever keeps a few of them for long clones them.
//
// Write emits exclusive canonical XML (http://www.w3.org/2001/10/xml-exc-c14n#): the bytes of a subtree are what a
// signature over that subtree is computed from, and two equal trees always give equal bytes.
package xmltree
