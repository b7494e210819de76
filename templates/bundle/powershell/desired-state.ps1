# What version {{version}} of the bundle says, made {{made}}. Compare the digests with your source.
$Bundle = '{{bundle}}'
$Version = {{version}}
$Wanted = @(
{{#certificates}}
  @{
    Store = '{{store}}'
    Name = '{{name}}'
    Subject = '{{subject}}'
    Thumbprint = '{{thumbprint}}'
    Sha256 = '{{sha256}}'
{{#with_blobs}}
    Blob = '{{blob}}'
{{/with_blobs}}
  }
{{/certificates}}
)
$Unwanted = @(
{{#removed}}
  @{ Store = '{{store}}'; Name = '{{name}}'; Thumbprint = '{{thumbprint}}'; Sha256 = '{{sha256}}' }
{{/removed}}
)
# Bits: added to what is there, never taken from it; otherwise the value is written.
$Settings = @(
{{#wanted_settings}}
  @{ Key = 'Registry::{{key}}'; Name = '{{name}}'; Value = {{value}}; Bits = ${{bits}}; Default = {{default}} }
{{/wanted_settings}}
)
$UnwantedSettings = @(
{{#reverted_settings}}
  @{ Key = 'Registry::{{key}}'; Name = '{{name}}'; Value = {{value}}; Bits = ${{bits}}; Default = {{default}} }
{{/reverted_settings}}
)
