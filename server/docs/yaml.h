/* yaml.h - a YAML file as the JSON that it means, by libyaml. */
#ifndef CONVSCOPE_DOCS_YAML_H
#define CONVSCOPE_DOCS_YAML_H

#include <jansson.h>
#include <stdio.h>

/*
 * The one document of a file, called `name` in complaints: YAML 1.2's core schema (RFC 9512 and OpenAPI ask for no
 * more), aliases put in for what they stand for. NULL, with a complaint on standard error, for anything that is no
 * JSON: keys that are no text or occur twice, tags, infinities.
 */
json_t *yaml_read(FILE *file, const char *name);

#endif
