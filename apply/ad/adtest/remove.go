package adtest

// remove carries out a delete request. Links from and to the object go with it.
func (d *directory) remove(dn string) *refusal {
	n, r := d.find(dn)
	if r != nil {
		return r
	}
	if len(n.children) > 0 {
		return refuse(66, "Unable to delete a non-leaf node (it has %d children)!", len(n.children))
	}
	if n.parent == nil {
		return refuse(53, "the domain cannot be deleted")
	}
	d.commit(n, draft{}) // takes it out of the indexes and its targets' back links
	for name, sources := range n.back {
		for _, source := range sources {
			source.links[name] = without(source.links[name], n)
			if len(source.links[name]) == 0 {
				delete(source.links, name)
			}
		}
	}
	delete(n.parent.children, d.rdnKey(n.rdnType, n.rdnValue))
	d.usn++
	d.graves = append(d.graves, grave{n.guid, d.usn})
	delete(d.byGUID, n.guid)
	d.writes++
	return nil
}
