package ad

import (
	"net"
	"strings"
)

// OrderOfControllers names the targets of SRV records in the order in which they are tried.
func OrderOfControllers(records []*net.SRV, random func(int) int) string {
	var names []string
	for _, r := range inOrder(records, random) {
		names = append(names, strings.TrimSuffix(r.Target, "."))
	}
	return strings.Join(names, " ")
}
