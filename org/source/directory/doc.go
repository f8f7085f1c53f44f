// Package directory reads Active Directory as an extract: organisational units as units, user
// accounts as people. The entries come as a stream, from a connection (package apply/ad has
// it) or from a file in LDIF, which [ReadLDIF] reads.
//
// # What becomes what
//
// The base DN and every OU below it are units; the base is the root. A unit's ID is its
// objectGUID. Containers that are no OUs, such as CN=Users, are none: who stands in one
// belongs to the nearest unit above.
//
// A user account is an account of a person, and the person's ID is the objectGUID of the
// first of their accounts. Accounts become one person only where the employee number or
// the CPR number on them says so. Where a number stands, it is an engagement with that
// number, in the account's OU and with its title; where none stands, the account's place and title are
// an association, since the directory does not say that somebody is paid. It says neither
// since when anything is so nor, but for accountExpires, until when.
//
// Computers, contacts and groups are counted in a note. The accounts that programs run as,
// and those without a name, are not people: there is a note of each. Which accounts are
// whose kind is in [Options], beside what can be seen of the account: a servicePrincipalName,
// isCriticalSystemObject, and that neither name, employee number nor CPR number stands on it.
//
// orgit's own mark on an OU is the unit's UUID, and that on an account is the account's UUID
// in the files, which [source.Account] has beside the objectGUID.
//
// # What can be known of a cut file
//
// LDIF has no end: a file that is cut between two entries is a file. What shows is refused:
// a last line without its end, a base DN that is not among the entries, an entry whose
// parent is not, a user or OU without objectGUID or login, a file without people, and a count
// or result that disagrees where the tool that wrote the file has noted one (ldapsearch writes
// "result:" and "# numEntries:", ldbsearch "# N entries"). What cannot be seen is the loss of
// whole entries at the end of a file without such a count, as ldifde writes them: compare
// the number of entries that ldifde printed with what is read, or read over a connection,
// where the directory says of every page whether another one follows.
//
// Export everything below the base with the filter (objectClass=*), for instance
//
//	ldapsearch -x -H ldaps://dc1.korsbaek.example -D … -W -E pr=500/noprompt -b "OU=Korsbæk,DC=korsbaek,DC=example" "(objectClass=*)" > ad.ldif
//	ldifde -f ad.ldif -u -d "OU=Korsbæk,DC=korsbaek,DC=example" -r "(objectClass=*)" -p SubTree
//
// Leave out ldapsearch's -LLL, with which it writes no count. Such a file is personal data. It holds more than is read here, so limit it to [Attributes].
package directory
