package adtest

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// minPassword is the domain's shortest password.
const minPassword = 7

// setPassword takes a value of unicodePwd as an administrator sets it: the password in
// quotes, as UTF-16LE, in an add or as the replacement of the old one.
func (d *directory) setPassword(t *draft, values []string) *refusal {
	malformed := refuse(53, "00002035: unicodePwd is not a quoted UTF-16 string")
	if len(values) != 1 || len(values[0])%2 != 0 {
		return malformed
	}
	var units []uint16
	for i := 0; i < len(values[0]); i += 2 {
		units = append(units, uint16(values[0][i])|uint16(values[0][i+1])<<8)
	}
	password := []rune(string(utf16.Decode(units)))
	last := len(password) - 1
	if last < 1 || password[0] != '"' || password[last] != '"' {
		return malformed
	}
	t.newPassword = string(password[1:last])
	return nil
}

// checkPassword holds a new password against the domain's policy.
func (d *directory) checkPassword(t *draft) *refusal {
	code := uint16(19)
	if d.rules.has(PasswordPolicy) {
		code = 53
	}
	switch {
	case t.newPassword == "":
		return nil
	case len([]rune(t.newPassword)) < minPassword:
		return refuse(code, "0000052D: the password is too short")
	case !isComplex(t.newPassword, t.first("samaccountname")):
		return refuse(code, "0000052D: the password does not meet the complexity criteria!")
	}
	return nil
}

// isComplex reports whether a password has characters of three kinds and is not made of
// the user's name ("Password must meet complexity requirements").
func isComplex(password, user string) bool {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	named := len(user) > 2 && strings.Contains(strings.ToLower(password), strings.ToLower(user))
	return lower+upper+digit+other >= 3 && !named
}

// stepPassword is a step of a modify request that concerns unicodePwd. Only an
// administrator's reset is understood, no user's change that gives the old password.
func (d *directory) stepPassword(t *draft, m modification) *refusal {
	if m.kind != replaceValues {
		return refuse(53, "00002035: a password can only be replaced here")
	}
	return d.setPassword(t, m.values)
}

// checkPwdLastSet: a client can say that the password must be changed (0) or counts as
// changed now (-1), and nothing else ([MS-ADTS] 3.1.1.5.3.2).
func (d *directory) checkPwdLastSet(v string) *refusal {
	if v == "0" || v == "-1" {
		return nil
	}
	return refuse(80, "pwdLastSet must be 0 or -1 only!")
}

// settlePassword takes the new password, and gives pwdLastSet the value that follows from
// the request. before is the value that it had.
func (d *directory) settlePassword(t *draft, before string) *refusal {
	if r := d.checkPassword(t); r != nil {
		return r
	}
	now := []string{strconv.FormatInt(fileTime(d.now()), 10)}
	switch {
	case t.first("pwdlastset") == "-1" && before != "" && before != "0":
		t.values["pwdlastset"] = []string{before} // it was not to be changed
	case t.first("pwdlastset") == "-1", t.newPassword != "" && !t.pwdAsked:
		t.values["pwdlastset"] = now
	}
	if t.newPassword != "" {
		t.password, t.secret = true, t.newPassword
	}
	return nil
}

func quoteUTF16(password string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(`"` + password + `"`)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}
