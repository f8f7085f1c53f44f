package ad

import (
	"os"
	"path/filepath"
)

// cacheDir is where what is kept between two runs lies; empty where there is no place.
func cacheDir(getenv func(string) string) string {
	if dir := getenv("ORGIT_CACHE_DIR"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "orgit")
}
