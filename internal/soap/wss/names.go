package wss

// Namespaces.
const (
	NamespaceSecurity   = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	NamespaceUtility    = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	NamespaceSecurity11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
	NamespaceSignature  = "http://www.w3.org/2000/09/xmldsig#"
	NamespaceSAML       = "urn:oasis:names:tc:SAML:2.0:assertion"
)

// Values that name kinds of tokens and references.
const (
	TokenTypeSAML2  = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0"
	ValueX509       = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
	EncodingBase64  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
	valueSKI        = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier"
	valueSAMLID     = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID"
	methodHolder    = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
	attributeNameID = "ID"
)

// The algorithms, all that are known here.
const (
	algorithmExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#" // also the namespace of InclusiveNamespaces
	algorithmSHA256    = "http://www.w3.org/2001/04/xmlenc#sha256"
	algorithmRSA       = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	algorithmEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
	algorithmSTR       = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform"
)
