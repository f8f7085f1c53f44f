package xmlscan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read gives the tokens of a document, one a line, and checks what must hold of all of them.
func read(in string) (string, error) {
	s, err := New([]byte(in))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	behind, depth := 0, 0
	for {
		t, err := s.Next()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch t.Kind {
		case Text:
			fmt.Fprintf(&b, "text %q\n", t.Text)
			if t.Text == "" || depth == 0 {
				return "", fmt.Errorf("a text that is none, or outside the root")
			}
			continue
		case Start:
			depth++
			fmt.Fprintf(&b, "start %s{%s}%s", t.Prefix, plain(t.Name.Space), t.Name.Local)
			for _, d := range t.Declared {
				fmt.Fprintf(&b, " xmlns:%s=%q", d.Prefix, d.Space)
			}
			for _, a := range t.Attrs {
				fmt.Fprintf(&b, " %s{%s}%s=%q", a.Prefix, plain(a.Name.Space), a.Name.Local, a.Value)
			}
			b.WriteByte('\n')
		case End:
			depth--
			fmt.Fprintf(&b, "end %s{%s}%s\n", t.Prefix, plain(t.Name.Space), t.Name.Local)
		}
		tag := in[t.From:t.To]
		empty := t.Kind == End && tag == ""
		if t.From < behind || !empty && (tag[0] != '<' || tag[len(tag)-1] != '>') {
			return "", fmt.Errorf("a tag does not stand at %d..%d", t.From, t.To)
		}
		behind = t.To
	}
}

// plain is a text as Go writes it, without the quotes.
func plain(s string) string { return strings.Trim(strconv.Quote(s), `"`) }

func lines(s ...string) string { return strings.Join(s, "\n") + "\n" }

// accepted are documents with their tokens.
var accepted = []struct{ name, in, want string }{
	{"element", `<a/>`, lines(`start {}a`, `end {}a`)},
	{"white space in tags", "<a\n></a\t>", lines(`start {}a`, `end {}a`)},
	{"around the root", "\n<!-- a --> <a/>\n<!---->\n", lines(`start {}a`, `end {}a`)},
	{"declaration", `<?xml version="1.0" encoding='utf-8' standalone = "yes" ?><a/>`, lines(`start {}a`, `end {}a`)},
	{"byte order mark", "\ufeff<?xml version='1.0'?>\n<a/>", lines(`start {}a`, `end {}a`)},
	{"namespaces", `<a xmlns="urn:a" xmlns:b="urn:b" b:c="1" d="2"><b:e xmlns=""><f/></b:e></a>`, lines(
		`start {urn:a}a xmlns:="urn:a" xmlns:b="urn:b" b{urn:b}c="1" {}d="2"`, `start b{urn:b}e xmlns:=""`, `start {}f`, `end {}f`, `end b{urn:b}e`, `end {urn:a}a`)},
	{"a prefix declared behind its use", `<p:a p:b="" xmlns:p="urn:p"/>`, lines(`start p{urn:p}a xmlns:p="urn:p" p{urn:p}b=""`, `end p{urn:p}a`)},
	{"a prefix that changes", `<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"/><p:b/></p:a>`, lines(`start p{urn:1}a xmlns:p="urn:1"`,
		`start p{urn:2}b xmlns:p="urn:2"`, `end p{urn:2}b`, `start p{urn:1}b`, `end p{urn:1}b`, `end p{urn:1}a`)},
	{"the prefix xml", `<a xml:lang="da" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>`, lines(
		`start {}a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml{http://www.w3.org/XML/1998/namespace}lang="da"`, `end {}a`)},
	{"letters in names", `<_å.1-ø·x é=""/>`, lines(`start {}_å.1-ø·x {}é=""`, `end {}_å.1-ø·x`)},
	{"references", `<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&#x0000000041;&#x1F600;&#xD;&#9;</a>`, lines(`start {}a`, `text "<>&\"'AAA😀\r\t"`, `end {}a`)},
	{"line ends", "<a>1\r\n2\r3\n4\r\r\n5</a>", lines(`start {}a`, `text "1\n2\n3\n4\n\n5"`, `end {}a`)},
	{"cdata", "<a>x<![CDATA[<&amp;]]]]><![CDATA[>\r\n]]>y</a>", lines(`start {}a`, `text "x<&amp;]]>\ny"`, `end {}a`)},
	{"empty cdata", "<a><![CDATA[]]></a>", lines(`start {}a`, `end {}a`)},
	{"comments split no text", "<a>x<!-- - -->y<b/><!-- z --></a>", lines(`start {}a`, `text "xy"`, `start {}b`, `end {}b`, `end {}a`)},
	{"brackets in two texts", "<a>]]<!-- -->></a>", lines(`start {}a`, `text "]]>"`, `end {}a`)},
	{"attribute values", "<a b='\"\t\n\r\n\r' c=\"'>]]>&#9;&#xA;&#13; &lt;\"/>", lines(`start {}a {}b="\"    " {}c="'>]]>\t\n\r <"`, `end {}a`)},
	{"white space beside =", "<a b\n=\t'1'/>", lines(`start {}a {}b="1"`, `end {}a`)},
	{"no characters of ours", "<a>\u0085\u2028\ud7ff\ue000\ufffd\U0010ffff\u007f</a>", lines(`start {}a`, `text "\u0085\u2028\ud7ff\ue000�\U0010ffff\x7f"`, `end {}a`)},
}

func TestTokens(t *testing.T) {
	for _, tt := range accepted {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// refused are documents that must not be read. Those that only a message must not be are XML all the same.
var refused = []struct {
	name, in, want string
	xml            bool
}{
	{"nothing", "", "no element", false},
	{"white space", " \n", "no element", false},
	{"text", "x", "outside the root", false},
	{"text behind", "<a/>x", "outside the root", false},
	{"reference behind", "<a/>&#32;", "outside the root", false},
	{"cdata behind", "<a/><![CDATA[ ]]>", "outside the root", false},
	{"two byte order marks", "\ufeff\ufeff<a/>", "outside the root", false},
	{"two roots", "<a/><b/>", "more than one root", false},
	{"not closed", "<a><b></b>", "not closed", false},
	{"tag not closed", "<a", "ends inside a tag", false},
	{"tag closed by another", "<a<b/></a>", "white space", false},
	{"end tag not closed", "<a></a", "not closed", false},
	{"end tag with attribute", `<a></a b="1">`, "not closed", false},
	{"empty end tag", `<a></a/>`, "not closed", false},
	{"slash in a tag", `<a / >`, "not closed", false},
	{"closed twice", "<a></a></a>", "closes nothing", false},
	{"crossed", "<a><b></a></b>", "closes <b>", false},
	{"closed by another prefix", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`, "closes <a>", false},
	{"white space before a name", "< a/>", "no name", false},
	{"digit begins a name", "<1/>", "no name", false},
	{"dash begins a name", "<a -b='1'/>", "no name", false},
	{"dot begins a local name", `<a:.b xmlns:a="u"/>`, "no name", false},
	{"middle dot begins a name", "<·/>", "no name", false},
	{"sign in a name", "<a×/>", "white space", false},
	{"two colons", `<a:b:c xmlns:a="u"/>`, "no name", false},
	{"colon at the end", `<a: xmlns:a="u"/>`, "no name", false},
	{"colon at the beginning", `<a :b="1"/>`, "no name", false},
	{"undeclared prefix", "<p:a/>", "not declared", false},
	{"undeclared prefix of an attribute", `<a p:b=""/>`, "not declared", false},
	{"out of scope", `<a><b xmlns:p="u"/><p:c/></a>`, "not declared", false},
	{"element in xmlns", `<xmlns:a/>`, "not declared", false},
	{"declared twice", `<a xmlns:p="u" xmlns:p="u"/>`, "declared twice", false},
	{"default declared twice", `<a xmlns="u" xmlns="u"/>`, "declared twice", false},
	{"empty namespace", `<a xmlns:p=""/>`, "names no namespace", false},
	{"xml is another", `<a xmlns:xml="urn:x"/>`, "may not name", false},
	{"another is xml", `<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>`, "may not name", false},
	{"default is xml", `<a xmlns="http://www.w3.org/XML/1998/namespace"/>`, "may not name", false},
	{"xmlns as prefix", `<a xmlns:xmlns="urn:x"/>`, "may not name", false},
	{"a prefix for xmlns", `<a xmlns:x="http://www.w3.org/2000/xmlns/"/>`, "may not name", false},
	{"same attribute", `<a b="1" b="2"/>`, "occurs twice", false},
	{"same attribute by namespace", `<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>`, "occurs twice", false},
	{"no white space between attributes", `<a b="1"c="2"/>`, "white space", false},
	{"attribute without value", `<a b/>`, "no value", false},
	{"attribute without quotes", `<a b=1/>`, "not quoted", false},
	{"attribute without end", `<a b="1/>`, "no end", false},
	{"< in an attribute", `<a b="<"/>`, "a < in", false},
	{"]]> in text", "<a>]]></a>", "]]>", false},
	{"-- in a comment", "<a><!-- -- --></a>", "-- in a comment", false},
	{"--- ends a comment", "<a><!-- ---></a>", "-- in a comment", false},
	{"comment without end", "<a><!-- ", "no end", false},
	{"cdata without end", "<a><![CDATA[ ]]", "no end", false},
	{"cdata in small letters", "<a><![cdata[ ]]></a>", "no markup", false},
	{"entity", "<a>&x;</a>", "entities", false},
	{"entity of HTML", "<a>&nbsp;</a>", "entities", false},
	{"& alone", "<a>x & y</a>", "no reference", false},
	{"& in an attribute", `<a b="&"/>`, "no reference", false},
	{"reference without end", "<a>&lt</a>", "no reference", false},
	{"reference without digits", "<a>&#;</a>", "character reference", false},
	{"reference with a sign", "<a>&#+65;</a>", "character reference", false},
	{"reference with an underscore", "<a>&#1_0;</a>", "character reference", false},
	{"reference with X", "<a>&#X41;</a>", "character reference", false},
	{"reference with two x", "<a>&#x0x41;</a>", "character reference", false},
	{"reference to NUL", "<a>&#0;</a>", "character reference", false},
	{"reference to a control character", "<a>&#x1F;</a>", "character reference", false},
	{"reference to a surrogate", "<a>&#xD800;</a>", "character reference", false},
	{"reference beyond Unicode", "<a>&#x110000;</a>", "character reference", false},
	{"large reference", "<a>&#99999999999999999999;</a>", "character reference", false},
	{"control character", "<a>\x01</a>", "no character", false},
	{"NUL", "<a>\x00</a>", "no character", false},
	{"control character in a comment", "<a><!-- \x1b --></a>", "no character", false},
	{"no character", "<a>\uffff</a>", "no character", false},
	{"not UTF-8", "<a>\xe6</a>", "not UTF-8", false},
	{"surrogates", "<a>\xed\xa0\x80</a>", "not UTF-8", false},
	{"overlong", "<a>\xc0\x80</a>", "not UTF-8", false},
	{"UTF-16", "\xff\xfe<\x00a\x00/\x00>\x00", "not UTF-8", true},
	{"declaration without version", `<?xml encoding="UTF-8"?><a/>`, "version", false},
	{"declaration of another version", `<?xml version="1.1"?><a/>`, "version", false},
	{"declaration in another order", `<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>`, "as it should be", false},
	{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "encoding", true},
	{"declaration with something else", `<?xml version="1.0" x="y"?><a/>`, "as it should be", false},
	{"declaration without end", `<?xml version="1.0"><a/>`, "as it should be", false},
	{"late declaration", ` <?xml version="1.0"?><a/>`, "instructions", false},
	{"instruction", `<a><?x y?></a>`, "instructions", true},
	{"instruction before", `<?xml-stylesheet href="x"?><a/>`, "instructions", true},
	{"document type", `<!DOCTYPE a><a/>`, "document type", true},
	{"entity of a document type", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "document type", true},
	{"document type inside", `<a><!DOCTYPE a></a>`, "document type", false},
	{"declaration of an element", `<a><!ELEMENT a></a>`, "no markup", false},
	{"deep", strings.Repeat("<a>", MaxDepth+1) + strings.Repeat("</a>", MaxDepth+1), "inside each other", true},
	{"many attributes", "<a" + numbered(` a%d=""`, MaxAttributes+1) + "/>", "attributes", true},
	{"many declarations", "<a" + numbered(` xmlns:a%d="u"`, 199) + "><b" + numbered(` xmlns:b%d="u"`, 199) + "><c" + numbered(` xmlns:c%d="u"`, 199) + "/></b></a>", "prefixes", true},
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestRefuses(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := read(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := read(`<!DOCTYPE a><a/>`); !errors.Is(err, ErrDoctype) {
		t.Errorf("document type: %v", err)
	}
	if _, err := read(`<a><?x?></a>`); !errors.Is(err, ErrInstruction) {
		t.Errorf("instruction: %v", err)
	}
}

// TestErrorsQuoteNoText: texts hold names and CPR numbers, and errors are logged.
func TestErrorsQuoteNoText(t *testing.T) {
	for _, in := range []string{"<a>secret&secret;</a>", "<a>secret]]></a>", `<a b="secret&secret;"/>`, `<a b="secret<"/>`, "<a/>secret", "<a>secret\x01", "<a><!-- secret -- --></a>"} {
		if _, err := read(in); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// TestAsXmllint holds both tables against libxml2: it must accept what is accepted, and refuse what is refused but for
// what is XML and only no message.
func TestAsXmllint(t *testing.T) {
	program, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("xmllint is not installed")
		}
		t.Skip("skipped: xmllint is not installed")
	}
	complains := func(in string) string {
		cmd := exec.Command(program, "--nonet", "--noout", "-")
		cmd.Stdin = strings.NewReader(in)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil && stderr.Len() == 0 {
			return err.Error()
		}
		return stderr.String()
	}
	for _, tt := range accepted {
		if got := complains(tt.in); got != "" {
			t.Errorf("%s: accepted, and xmllint says %s", tt.name, got)
		}
	}
	for _, tt := range refused {
		if got := complains(tt.in); (got == "") != tt.xml {
			t.Errorf("%s: refused, and xmllint says %q", tt.name, got)
		}
	}
}
