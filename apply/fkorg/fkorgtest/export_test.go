package fkorgtest

import (
	"bytes"
	"errors"
	"fmt"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
)

// CheckCanonical holds the canonical form of an answer that is written without reading it against the one of package
// c14n. It tells whether the answer is one that can be written so.
func CheckCanonical(answer []byte) (plain bool, err error) {
	var got bytes.Buffer
	if err := canonical(&got, answer); errors.Is(err, errNotPlain) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	d, err := c14n.Parse(filled([]byte(`<soap:Envelope xmlns:soap="`+soap.NamespaceEnvelope+`">`+emptyBody+`</soap:Envelope>`), answer))
	if err != nil {
		return true, err
	}
	content := d.Root.Only(soap.NamespaceEnvelope, "Body").Elements()[0]
	if want := c14n.Bytes(content, c14n.Options{}); !bytes.Equal(got.Bytes(), want) {
		return true, fmt.Errorf("the canonical form is\n%s\nand was written as\n%s", want, got.Bytes())
	}
	return true, nil
}
