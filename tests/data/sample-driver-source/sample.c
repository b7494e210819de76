// A driver that does nothing: the smallest plug-and-play function driver that Windows can load,
// start, stop and unload. Every request is passed to the driver below. It exists to be catalogued
// and signed.
#include <wdm.h>

typedef struct {
  PDEVICE_OBJECT next;   // The device below ours in the stack.
  IO_REMOVE_LOCK alive;  // Held by each request, so that removal waits for the last one.
} EXTENSION;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_ADD_DEVICE add_device;
static DRIVER_UNLOAD unload;
static DRIVER_DISPATCH pass_down;
static DRIVER_DISPATCH power;
static DRIVER_DISPATCH plug_and_play;

static NTSTATUS refuse(PIRP irp, NTSTATUS status) {
  irp->IoStatus.Status = status;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

static NTSTATUS pass_down(PDEVICE_OBJECT device, PIRP irp) {
  EXTENSION* self = device->DeviceExtension;
  NTSTATUS status = IoAcquireRemoveLock(&self->alive, irp);
  if (!NT_SUCCESS(status)) return refuse(irp, status);
  IoSkipCurrentIrpStackLocation(irp);
  status = IoCallDriver(self->next, irp);
  IoReleaseRemoveLock(&self->alive, irp);
  return status;
}

static NTSTATUS power(PDEVICE_OBJECT device, PIRP irp) {
  EXTENSION* self = device->DeviceExtension;
  NTSTATUS status = IoAcquireRemoveLock(&self->alive, irp);
  // Before Windows Vista the next power request comes only after this call, also when one is
  // refused.
  PoStartNextPowerIrp(irp);
  if (!NT_SUCCESS(status)) return refuse(irp, status);
  IoSkipCurrentIrpStackLocation(irp);
  status = PoCallDriver(self->next, irp);
  IoReleaseRemoveLock(&self->alive, irp);
  return status;
}

static NTSTATUS remove(PDEVICE_OBJECT device, PIRP irp) {
  EXTENSION* self = device->DeviceExtension;
  irp->IoStatus.Status = STATUS_SUCCESS;
  IoSkipCurrentIrpStackLocation(irp);
  const NTSTATUS status = IoCallDriver(self->next, irp);
  IoReleaseRemoveLockAndWait(&self->alive, irp);
  IoDetachDevice(self->next);
  IoDeleteDevice(device);
  return status;
}

static NTSTATUS plug_and_play(PDEVICE_OBJECT device, PIRP irp) {
  EXTENSION* self = device->DeviceExtension;
  NTSTATUS status = IoAcquireRemoveLock(&self->alive, irp);
  if (!NT_SUCCESS(status)) return refuse(irp, status);
  if (IoGetCurrentIrpStackLocation(irp)->MinorFunction == IRP_MN_REMOVE_DEVICE) {
    return remove(device, irp);
  }
  IoSkipCurrentIrpStackLocation(irp);
  status = IoCallDriver(self->next, irp);
  IoReleaseRemoveLock(&self->alive, irp);
  return status;
}

static NTSTATUS add_device(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
  PDEVICE_OBJECT device = NULL;
  const NTSTATUS status = IoCreateDevice(driver, sizeof(EXTENSION), NULL, FILE_DEVICE_UNKNOWN,
                                         FILE_DEVICE_SECURE_OPEN, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  EXTENSION* self = device->DeviceExtension;
  IoInitializeRemoveLock(&self->alive, 'rwlS', 0, 0);
  self->next = IoAttachDeviceToDeviceStack(device, physical);
  if (self->next == NULL) {
    IoDeleteDevice(device);
    return STATUS_NO_SUCH_DEVICE;
  }
  // How buffers reach us and when power comes is for the driver below to say, since all goes to it.
  device->Flags |= self->next->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE);
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path) {
  UNREFERENCED_PARAMETER(registry_path);
  for (int i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; ++i) driver->MajorFunction[i] = pass_down;
  driver->MajorFunction[IRP_MJ_PNP] = plug_and_play;
  driver->MajorFunction[IRP_MJ_POWER] = power;
  driver->DriverExtension->AddDevice = add_device;
  driver->DriverUnload = unload;
  return STATUS_SUCCESS;
}
