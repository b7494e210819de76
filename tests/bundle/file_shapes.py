# Prints the shape of every file below a folder, one line each: what must be the same whatever names the certificates
# have. Digests and GUIDs, in paths too, are shown as #. Fails for a file that its reader cannot read, and for a kind of
# file it does not know: whoever adds a format says here what its shape is.
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree


def masked(text):
    guid = r'\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?'
    return re.sub(guid + r'|\b[0-9A-Fa-f]{40,}\b', '#', text)


def text_of(data):
    return data.decode('utf-16') if data.startswith(b'\xff\xfe') else data.decode('utf-8-sig')


def json_shape(value):
    if isinstance(value, dict):
        return {masked(key): json_shape(inner) for key, inner in value.items()}
    return [json_shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def xml_shape(node):
    return [node.tag, sorted(node.keys()), [xml_shape(child) for child in node]]


def ldif_shape(text):
    return [line.split(':')[0] for line in text.replace('\r\n ', '').splitlines()]


def script(path, data):  # Nothing from outside is in it: all but the digests is the same.
    if path.suffix == '.sh':
        subprocess.run(['sh', '-n', path], check=True)
    return masked(text_of(data))


def reg(path, data):  # Blobs are of the same length, so folded at the same places.
    return re.sub(r'[0-9a-f]{2}(?=,|\r)', '#', masked(text_of(data)))


def lines(path, data):
    text = text_of(data)
    assert not re.search('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]', text)
    return text.count('\n')


def lgpo(path, data):
    return re.sub(r'BINARY:[0-9a-f,]*', 'BINARY', masked(text_of(data)))


def size(path, data):  # Certificates, which are of the same size.
    return len(data)


kinds = {
    '.cmd': script, '.sh': script, '.reg': reg, '.ps1': lines, '.txt': lgpo,
    '.json': lambda path, data: json_shape(json.loads(data)),
    '.xml': lambda path, data: xml_shape(xml.etree.ElementTree.fromstring(data)),
    '.ldif': lambda path, data: ldif_shape(text_of(data)),
    '.cer': size, '.crt': size, '.pem': size, '.p7b': size, '.sst': size, '.pol': size,
}
folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.rglob('*')):
    if path.is_dir():
        continue
    name = path.relative_to(folder)
    kind = lines if name.name == 'README.txt' else kinds[path.suffix]
    print(masked(str(name)), json.dumps(kind(path, path.read_bytes())))
