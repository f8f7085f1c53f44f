package fkorgtest

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"orgit.dk/orgit/internal/soap"
	"orgit.dk/orgit/internal/soap/c14n"
	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// tokenPath is where the real token service takes WS-Trust requests.
const tokenPath = "/runtime/services/kombittrust/14/certificatemixed"

// Names of WS-Trust 1.3.
const (
	wst    = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
	wsp    = "http://schemas.xmlsoap.org/ws/2004/09/policy"
	claims = "http://docs.oasis-open.org/wsfed/authorization/200706"
)

var eightDigits = regexp.MustCompile(`^[0-9]{8}$`)

// serveSOAP answers a WS-Trust request.
func (t *TokenService) serveSOAP(w http.ResponseWriter, data []byte) {
	trouble := t.troubleNow()
	if trouble.HTTPStatus != 0 {
		w.WriteHeader(trouble.HTTPStatus)
		fmt.Fprint(w, "<html><body>gateway</body></html>")
		return
	}
	p, err := wss.Prove(data, wss.Configured(t.layer.registered(), t.layer.clock()), t.layer.clock(), allowedSkew)
	if err == nil {
		err = t.wellAddressed(p)
	}
	if err != nil {
		writeTokenFault(w, &tokenFault{"103", err.Error()})
		return
	}
	m, err := soap.FromTree(p.Tree(), data)
	if err != nil {
		writeTokenFault(w, &tokenFault{"103", err.Error()})
		return
	}
	wanted, f := t.wish(p)
	if f != nil {
		writeTokenFault(w, f)
		return
	}
	token, f := t.issue(wanted, trouble)
	if f != nil {
		writeTokenFault(w, f)
		return
	}
	answer, err := t.answer(m.MessageID, token, trouble.Forgery)
	if err != nil {
		writeTokenFault(w, &tokenFault{"100", err.Error()})
		return
	}
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	// An answer that cannot be delivered has nobody to tell.
	_, _ = w.Write(answer)
}

// wellAddressed checks the headers of a request; all of them are signed, and so is the certificate.
func (t *TokenService) wellAddressed(p *wss.Proof) error {
	if err := covered(p, "Action", "MessageID", "To"); err != nil {
		return err
	}
	action, _ := p.Header(soap.NamespaceAddressing, "Action")
	to, _ := p.Header(soap.NamespaceAddressing, "To")
	switch {
	case action.Text() != wst+"/RST/Issue":
		return fmt.Errorf("unknown action %s", action.Text())
	case to.Text() != t.url:
		return fmt.Errorf("wsa:To is not the address of the service")
	case !p.Covers(p.Security.Only(wss.NamespaceSecurity, "BinarySecurityToken")):
		return fmt.Errorf("the certificate is not signed")
	}
	return nil
}

// wish reads what is asked for.
func (t *TokenService) wish(p *wss.Proof) (wish, *tokenFault) {
	rst := p.Body.Only(wst, "RequestSecurityToken")
	w := wish{holder: p.Signer}
	want := map[string]string{"RequestType": wst + "/Issue", "TokenType": wss.TokenTypeSAML2, "KeyType": wst + "/PublicKey"}
	for local, value := range want {
		if got := textAt(rst, wst, local); got != value {
			return w, &tokenFault{"110", local + " " + got + " is not supported"}
		}
	}
	w.appliesTo = textAt(rst.Only(wsp, "AppliesTo"), soap.NamespaceAddressing, "EndpointReference", "Address")
	list := rst.Only(wst, "Claims")
	if one := list.Elements(); len(one) == 1 && one[0].Is(claims, "ClaimType") && one[0].Attr("", "Uri") == attributeCVR && list.Attr("", "Dialect") == claims+"/authclaims" {
		w.cvr = textAt(one[0], claims, "Value")
	}
	if used := usedKey(rst); used == nil || !used.Equal(p.Signer) {
		return w, &tokenFault{"103", "UseKey is not the certificate that has signed"}
	}
	if text := textAt(rst.Only(wst, "Lifetime"), wss.NamespaceUtility, "Expires"); text != "" {
		expires, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return w, &tokenFault{"103", "Lifetime is no time"}
		}
		w.lifetime = expires.Sub(t.layer.clock())
	}
	return w, nil
}

// usedKey is the certificate that the token shall be bound to.
func usedKey(rst *c14n.Element) *x509.Certificate {
	return certificateOf(textAt(rst.Only(wst, "UseKey"), wss.NamespaceSecurity, "BinarySecurityToken"))
}

func certificateOf(text string) *x509.Certificate {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	return c
}

// answer writes and signs the message around a token. It has no MessageID, and names the key by its identifier only.
func (t *TokenService) answer(request, token string, f Forgery) ([]byte, error) {
	if f == WrongRelatesTo {
		request += "9"
	}
	envelope := fmt.Sprintf(`<s:Envelope xmlns:s="%s" xmlns:a="%s"><s:Header><a:Action s:mustUnderstand="1">%s/RSTRC/IssueFinal</a:Action><a:RelatesTo>%s</a:RelatesTo></s:Header>`+
		`<s:Body><trust:RequestSecurityTokenResponseCollection xmlns:trust="%[3]s"><trust:RequestSecurityTokenResponse><wsp:AppliesTo xmlns:wsp="%[5]s"><a:EndpointReference><a:Address>%[6]s</a:Address></a:EndpointReference></wsp:AppliesTo>`+
		`<trust:RequestedSecurityToken>%[7]s</trust:RequestedSecurityToken><trust:TokenType>%[8]s</trust:TokenType><trust:RequestType>%[3]s/Issue</trust:RequestType><trust:KeyType>%[3]s/PublicKey</trust:KeyType>`+
		`</trust:RequestSecurityTokenResponse></trust:RequestSecurityTokenResponseCollection></s:Body></s:Envelope>`,
		soap.NamespaceEnvelope, soap.NamespaceAddressing, wst, request, wsp, EntityID, token, wss.TokenTypeSAML2)
	signing, at := wss.Signing{Identity: t.signer(), Naming: wss.ByKeyIdentifier}, t.layer.clock()
	switch f {
	case Unsigned:
		return []byte(envelope), nil
	case Stranger:
		signing.Identity = t.layer.stranger
	case Skewed:
		at = at.Add(time.Hour)
	}
	return signing.Sign([]byte(envelope), at)
}

// writeTokenFault writes the token service's fault. Where the real one puts its code is not documented; here it is in
// the detail.
func writeTokenFault(w http.ResponseWriter, f *tokenFault) {
	e := func(local string, children ...*xmltree.Node) *xmltree.Node {
		return xmltree.Element(soap.NamespaceEnvelope, local, children...)
	}
	code := "Sender"
	if strings.HasPrefix(f.code, "100") || f.code == "130" || f.code == "106" {
		code = "Receiver"
	}
	fault := e("Fault", e("Code", xmltree.Leaf(soap.NamespaceEnvelope, "Value", "s:"+code)), e("Reason", xmltree.Leaf(soap.NamespaceEnvelope, "Text", f.text)))
	if f.code != "" {
		fault.Add(e("Detail", xmltree.Element("urn:sts", "TokenFault", xmltree.Leaf("urn:sts", "ErrorCode", f.code))))
	}
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	// An answer that cannot be delivered has nobody to tell.
	_, _ = w.Write(xmltree.Write(e("Envelope", e("Body", fault)), xmltree.Prefixes{soap.NamespaceEnvelope: "s"}))
}
