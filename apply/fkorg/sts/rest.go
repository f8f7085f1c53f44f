package sts

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"orgit.dk/orgit/internal/soap/wss"
)

func attribute(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: value}
}

// restRequest asks for a token in JSON. The names are the service's.
type restRequest struct {
	TokenType, RequestType, KeyType string
	AnvenderKontekst                struct{ Cvr string }
	UseKey                          string
	AppliesTo                       struct{ EndpointReference struct{ Address string } }
	OnBehalfOf                      *string
}

// byREST asks for a token with JSON.
func (c *Client) byREST(ctx context.Context, cvr, entityID string) ([]byte, error) {
	r := restRequest{TokenType: wss.TokenTypeSAML2, RequestType: requestType, KeyType: keyType,
		UseKey: base64.StdEncoding.EncodeToString(c.config.Identity.Certificate.Raw)}
	r.AnvenderKontekst.Cvr, r.AppliesTo.EndpointReference.Address = cvr, entityID
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Accept", "application/json")
	hc := *c.config.HTTP
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := hc.Do(req)
	if err != nil {
		return nil, unreachable(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, unreachable(fmt.Errorf("read the answer: %w", err))
	case len(data) > maxAnswer:
		return nil, errors.New("the answer is too large")
	case resp.StatusCode != http.StatusOK:
		return nil, fromREST(resp.StatusCode, data)
	}
	return restToken(data)
}

func restToken(data []byte) ([]byte, error) {
	var answer struct {
		RequestedSecurityToken struct{ Assertion string }
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, errors.New("the answer is not the JSON of a token")
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(answer.RequestedSecurityToken.Assertion), ""))
	if err != nil || len(raw) == 0 {
		return nil, errors.New("the answer holds no token in base64")
	}
	return withoutDeclaration(raw), nil
}

// withoutDeclaration takes an XML declaration away: the token will stand inside a message. It is no part of what is signed.
func withoutDeclaration(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if bytes.HasPrefix(raw, []byte("<?xml ")) {
		if _, rest, found := bytes.Cut(raw, []byte("?>")); found {
			return bytes.TrimSpace(rest)
		}
	}
	return raw
}
